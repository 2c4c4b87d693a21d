// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title Identities of the colony's apps
/// @notice A token is the identity of one app, and names it as `namespace/name`. The other half of
/// the bond is the workload's own annotation; what holds one way only is for the reader to find.
contract Identity is ERC721, Ownable {
    /// @notice The longest name of an app, in bytes: two Kubernetes names and a slash between them.
    uint256 public constant LIMIT = 320;

    /// @notice How many tokens there are. None is ever burned.
    uint256 public totalSupply;

    mapping(uint256 tokenId => string) private _apps;
    mapping(bytes32 appId => uint256) private _tokens;

    /// @notice The token names `app` from now on; an empty `app` is none.
    event Named(uint256 indexed tokenId, string app);

    /// @notice Another token names this app already.
    error AppTaken(string app, uint256 tokenId);
    /// @notice No token names this app.
    error AppUnknown(string app);
    /// @notice The name is longer than `LIMIT` bytes.
    error AppTooLong(uint256 length, uint256 limit);

    constructor() ERC721("Colony Identity", "COLONY") Ownable(msg.sender) {}

    /// @notice Make a token, give it to `to` and have it name `app`, or no app if that is empty.
    function mint(address to, uint256 tokenId, string calldata app) external onlyOwner {
        totalSupply += 1;
        _safeMint(to, tokenId);
        _name(tokenId, app);
    }

    /// @notice Have a token name another app, or none. Only its holder, or who that approved.
    function rename(uint256 tokenId, string calldata app) external {
        _checkAuthorized(_requireOwned(tokenId), msg.sender, tokenId);
        _name(tokenId, app);
    }

    /// @notice The app that a token names, empty for none.
    function appOf(uint256 tokenId) external view returns (string memory) {
        _requireOwned(tokenId);
        return _apps[tokenId];
    }

    /// @notice The token that names an app.
    function tokenOf(string calldata app) external view returns (uint256 tokenId) {
        bool named;
        (named, tokenId) = _find(app);
        if (!named) revert AppUnknown(app);
    }

    function _name(uint256 tokenId, string calldata app) private {
        if (bytes(app).length > LIMIT) revert AppTooLong(bytes(app).length, LIMIT);
        (bool named, uint256 holder) = _find(app);
        if (named && holder != tokenId) revert AppTaken(app, holder);
        delete _tokens[keccak256(bytes(_apps[tokenId]))];
        _apps[tokenId] = app;
        if (bytes(app).length != 0) _tokens[keccak256(bytes(app))] = tokenId;
        emit Named(tokenId, app);
    }

    /// @dev Any number may be a token's, zero too: what was found counts if it names the app.
    function _find(string calldata app) private view returns (bool named, uint256 tokenId) {
        bytes32 appId = keccak256(bytes(app));
        tokenId = _tokens[appId];
        named = bytes(app).length != 0 && keccak256(bytes(_apps[tokenId])) == appId;
    }
}
