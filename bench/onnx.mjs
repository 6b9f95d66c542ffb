// Scores a model that `Mlops.Bench export` wrote in ONNX Runtime, one thread. Usage: node onnx.mjs <folder of onnxruntime-node> <model> <data of make_data.py> <rows>
import { readFileSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';

const [, , runtime, model, data, take] = process.argv;
const ort = createRequire(import.meta.url)(runtime);
const file = openSync(data);
const head = Buffer.alloc(8);
readSync(file, head, 0, 8, 0);
const [rows, columns] = [head.readInt32LE(0), head.readInt32LE(4)];
const count = Math.min(rows, Number(take));
const session = await ort.InferenceSession.create(readFileSync(model), { intraOpNumThreads: 1, interOpNumThreads: 1 });
const feeds = {};
for (let j = 0; j < columns; j++) {
  const column = Buffer.alloc(count * 4);
  readSync(file, column, 0, column.length, 8 + (4 * columns) + (4 * rows * j));
  const values = new Float32Array(column.buffer, column.byteOffset, count);
  const isText = session.inputMetadata.find(i => i.name === `f${j}`)?.type === 'string';
  feeds[`f${j}`] = isText ? new ort.Tensor('string', Array.from(values, v => `c${v}`), [count, 1]) : new ort.Tensor('float32', values, [count, 1]);
}

for (let i = 0; i < 4; i++) {
  const start = process.cpuUsage();
  await session.run(feeds);
  const used = process.cpuUsage(start);
  console.log(`ONNX Runtime ${ort.env.versions.node}: ${(count / (used.user + used.system) * 1e6).toFixed(0)} rows/s of CPU time, one thread`);
}
