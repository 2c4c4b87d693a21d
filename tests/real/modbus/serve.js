// A Modbus TCP server by jsmodbus, for register images that it is given, and that can be told to
// fail. node serve.js LIBRARY PORT CONTROL
//
// On the control port each line is a JSON object, answered by "ok": "units" maps a unit to
// {"base": register, "hex": image}; "exceptions" maps a unit to a code, "partial" one to "short" or
// "torn", and "silent" is a list of units. What a line does not name stays as it is.
"use strict";
const net = require("net");
const readline = require("readline");

const [library, port, control] = process.argv.slice(2);
const modbus = require(library);
const state = { units: {}, exceptions: {}, partial: {}, silent: [] };
const images = new Map();

function answerTo(request) {
  const unit = request.unitId;
  const { fc, start, count } = request.body;
  const exception = (code) => new modbus.responses.ExceptionResponseBody(fc, code);
  if (state.exceptions[unit] !== undefined) return exception(state.exceptions[unit]);
  const image = images.get(String(unit));
  if (image === undefined) return exception(11);
  if (count < 1 || count > 125) return exception(3);
  const first = (start - image.base) * 2;
  if (first < 0 || first + count * 2 > image.data.length) return exception(2);
  const given = state.partial[unit] === "short" ? Math.max(1, count >> 1) : count;
  const data = image.data.subarray(first, first + given * 2);
  return new modbus.responses.ReadHoldingRegistersResponseBody(data.length, data);
}

const listener = new net.Server();
const server = new modbus.server.TCP(listener, { holding: null });
server.on("readHoldingRegisters", (request, send) => {
  if (state.silent.includes(request.unitId)) return;
  const payload = modbus.ModbusTCPResponse.fromRequest(request, answerTo(request)).createPayload();
  const torn = state.partial[request.unitId] === "torn";
  send(torn ? payload.subarray(0, Math.max(8, payload.length >> 1)) : payload);
});
listener.on("connection", (socket) => socket.on("error", () => socket.destroy()));
listener.listen(Number(port), "127.0.0.1");

net
  .createServer((socket) => {
    socket.on("error", () => socket.destroy());
    readline.createInterface({ input: socket }).on("line", (line) => {
      Object.assign(state, JSON.parse(line));
      images.clear();
      for (const [unit, { base, hex }] of Object.entries(state.units)) {
        images.set(unit, { base, data: Buffer.from(hex, "hex") });
      }
      socket.write("ok\n");
    });
  })
  .listen(Number(control), "127.0.0.1");
