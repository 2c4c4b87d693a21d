// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";

/// @title Roots of append-only logs: what a log said at a size, from that block on for everybody
/// @notice A log is named by a hash of its origin. Anchors are added, and never changed nor removed;
/// each is of a larger log than the one before it.
contract Anchor is AccessControl {
    /// @notice One anchor: the log's size, and the number and the time of its block.
    struct Place {
        uint64 size;
        uint64 blockNumber;
        uint64 time;
    }

    /// @notice Who may anchor.
    bytes32 public constant RECORDER_ROLE = keccak256("RECORDER_ROLE");

    mapping(bytes32 log => Place) private _latest;
    mapping(bytes32 log => uint256) private _counts;
    mapping(bytes32 log => mapping(uint64 size => bytes32 root)) private _roots;

    /// @notice The log had `size` entries, and their Merkle root was `root`.
    event Anchored(bytes32 indexed log, address indexed by, uint64 size, bytes32 root);

    /// @notice A log only grows: its latest anchor is of `latest` entries.
    error NotGrown(bytes32 log, uint64 size, uint64 latest);
    /// @notice A root of zero would read as none.
    error NoRoot(bytes32 log, uint64 size);
    /// @notice No root of this log was anchored.
    error NothingAnchored(bytes32 log);

    constructor() {
        _grantRole(DEFAULT_ADMIN_ROLE, msg.sender);
        _grantRole(RECORDER_ROLE, msg.sender);
    }

    /// @notice Say that the first `size` entries of `log` have this Merkle root.
    function anchor(bytes32 log, uint64 size, bytes32 root) external onlyRole(RECORDER_ROLE) {
        uint64 before = _latest[log].size;
        if (size <= before) revert NotGrown(log, size, before);
        if (root == 0) revert NoRoot(log, size);
        _latest[log] = Place(size, uint64(block.number), uint64(block.timestamp));
        _roots[log][size] = root;
        ++_counts[log];
        emit Anchored(log, msg.sender, size, root);
    }

    /// @notice The last anchor of a log: size and root, and its block's number and time, in seconds
    /// since 1970.
    function latest(bytes32 log)
        external
        view
        returns (uint64 size, bytes32 root, uint64 blockNumber, uint64 time)
    {
        Place memory place = _latest[log];
        if (place.size == 0) revert NothingAnchored(log);
        return (place.size, _roots[log][place.size], place.blockNumber, place.time);
    }

    /// @notice The root that was anchored of a log of exactly this size, zero where none was.
    function rootAt(bytes32 log, uint64 size) external view returns (bytes32) {
        return _roots[log][size];
    }

    /// @notice How many anchors of a log there are.
    function count(bytes32 log) external view returns (uint256) {
        return _counts[log];
    }
}
