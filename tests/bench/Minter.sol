// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

interface Identity {
    function mint(address to, uint256 tokenId, string calldata app) external;
}

/// @title Mints many tokens of Identity in one transaction, where it owns that contract
contract Minter {
    /// @notice Mint a token for each of `owners` from `first` on. Token n names `bench/app-n`.
    function mint(Identity identity, uint256 first, address[] calldata owners) external {
        for (uint256 i = 0; i < owners.length; ++i) {
            uint256 tokenId = first + i;
            identity.mint(owners[i], tokenId, string.concat("bench/app-", _decimal(tokenId)));
        }
    }

    function _decimal(uint256 number) private pure returns (string memory) {
        bytes memory digits = "00000"; // as many as these numbers need
        for (uint256 place = 5; place > 0; --place) {
            digits[place - 1] = bytes1(uint8(48 + (number % 10)));
            number /= 10;
        }
        return string(digits);
    }
}
