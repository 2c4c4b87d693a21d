// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";

/// @title What was deployed and configured in the colony, by whom
/// @notice Entries are added, and never changed nor removed. A zero digest means "not known".
contract Deployments is AccessControl {
    enum Kind {
        Deployment,
        Configuration
    }

    /// @notice One entry. `digest` is the image's or the configuration's; `image` is empty for a
    /// configuration; `recordedAt` is its block's time, in seconds since 1970.
    struct Entry {
        Kind kind;
        address actor;
        uint64 recordedAt;
        uint64 revision;
        string app;
        string image;
        bytes32 digest;
        string note;
    }

    /// @notice Who may record.
    bytes32 public constant RECORDER_ROLE = keccak256("RECORDER_ROLE");

    /// @notice The longest of each text, in bytes.
    uint256 public constant APP_LIMIT = 320;
    uint256 public constant IMAGE_LIMIT = 512;
    uint256 public constant NOTE_LIMIT = 1024;

    Entry[] private _entries;
    mapping(bytes32 appId => uint256) private _latest; // one more than the index; 0 is none

    /// @notice An image was deployed. `appId` is the hash of `app`, to filter by.
    event Deployed(
        uint256 indexed index,
        bytes32 indexed appId,
        address indexed actor,
        string app,
        uint64 revision,
        string image,
        bytes32 imageDigest,
        string note
    );

    /// @notice A configuration was changed. `appId` is the hash of `app`, to filter by.
    event Configured(
        uint256 indexed index,
        bytes32 indexed appId,
        address indexed actor,
        string app,
        uint64 revision,
        bytes32 configDigest,
        string note
    );

    /// @notice An entry is of an app; this one names none.
    error NoApp();
    /// @notice The text called `field` is longer than it may be, in bytes.
    error TooLong(string field, uint256 length, uint256 limit);
    /// @notice There are only `count` entries, numbered from 0.
    error NoEntry(uint256 index, uint256 count);
    /// @notice Nothing was recorded of this app.
    error NothingRecorded(string app);

    constructor() {
        _grantRole(DEFAULT_ADMIN_ROLE, msg.sender);
        _grantRole(RECORDER_ROLE, msg.sender);
    }

    /// @notice Record that `revision` of an app was deployed, running `image`.
    function recordDeployment(
        string calldata app,
        uint64 revision,
        string calldata image,
        bytes32 imageDigest,
        string calldata note
    ) external onlyRole(RECORDER_ROLE) {
        _check("image", image, IMAGE_LIMIT);
        uint256 index = _record(Kind.Deployment, app, revision, image, imageDigest, note);
        bytes32 appId = keccak256(bytes(app));
        emit Deployed(index, appId, msg.sender, app, revision, image, imageDigest, note);
    }

    /// @notice Record that an app was configured anew, as `revision`.
    function recordConfiguration(
        string calldata app,
        uint64 revision,
        bytes32 configDigest,
        string calldata note
    ) external onlyRole(RECORDER_ROLE) {
        uint256 index = _record(Kind.Configuration, app, revision, "", configDigest, note);
        bytes32 appId = keccak256(bytes(app));
        emit Configured(index, appId, msg.sender, app, revision, configDigest, note);
    }

    /// @notice How many entries there are.
    function count() external view returns (uint256) {
        return _entries.length;
    }

    /// @notice One entry; they are numbered from 0 in the order in which they were recorded.
    function entry(uint256 index) external view returns (Entry memory) {
        if (index >= _entries.length) revert NoEntry(index, _entries.length);
        return _entries[index];
    }

    /// @notice The last entry of an app, of either kind.
    function latest(string calldata app) external view returns (Entry memory) {
        uint256 place = _latest[keccak256(bytes(app))];
        if (place == 0) revert NothingRecorded(app);
        return _entries[place - 1];
    }

    function _record(
        Kind kind,
        string calldata app,
        uint64 revision,
        string memory image,
        bytes32 digest,
        string calldata note
    ) private returns (uint256 index) {
        if (bytes(app).length == 0) revert NoApp();
        _check("app", app, APP_LIMIT);
        _check("note", note, NOTE_LIMIT);
        index = _entries.length;
        uint64 recordedAt = uint64(block.timestamp);
        _entries.push(Entry(kind, msg.sender, recordedAt, revision, app, image, digest, note));
        _latest[keccak256(bytes(app))] = index + 1;
    }

    function _check(string memory field, string calldata text, uint256 limit) private pure {
        uint256 length = bytes(text).length;
        if (length > limit) revert TooLong(field, length, limit);
    }
}
