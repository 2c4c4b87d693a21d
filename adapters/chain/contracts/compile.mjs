// Compiles Solidity files to {contractName, abi, bytecode}, one JSON file a contract.
//
//   node compile.mjs PACKAGES OUT FILE.sol …
//
// PACKAGES is a directory whose node_modules holds what package-lock.json pins; nothing is
// installed here. The settings are fixed, so that one source gives the same bytes everywhere:
// Cancun is the newest that both py-evm and the nodes in use run, and no hash of the sources'
// metadata is appended.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";

const [packages, out, ...files] = process.argv.slice(2);
if (files.length === 0) {
  console.error("usage: node compile.mjs PACKAGES OUT FILE.sol …");
  process.exit(64);
}
const modules = join(resolve(packages), "node_modules");
const solc = createRequire(join(modules, "/"))("solc");

const input = {
  language: "Solidity",
  sources: Object.fromEntries(
    files.map((file) => [basename(file), { content: readFileSync(file, "utf8") }]),
  ),
  settings: {
    evmVersion: "cancun",
    optimizer: { enabled: true, runs: 200 },
    metadata: { bytecodeHash: "none", appendCBOR: false },
    outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
  },
};

function imported(path) {
  try {
    return { contents: readFileSync(join(modules, path), "utf8") };
  } catch (error) {
    return { error: error.message };
  }
}

const output = JSON.parse(solc.compile(JSON.stringify(input), { import: imported }));
for (const { formattedMessage } of output.errors ?? []) console.error(formattedMessage);
if ((output.errors ?? []).length > 0) process.exit(1); // a warning too

for (const file of Object.keys(input.sources)) {
  for (const [contractName, { abi, evm }] of Object.entries(output.contracts[file])) {
    const artifact = { contractName, abi, bytecode: `0x${evm.bytecode.object}` };
    writeFileSync(join(out, `${contractName}.json`), `${JSON.stringify(artifact, null, 2)}\n`);
  }
}
