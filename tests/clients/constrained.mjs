// What a model with random weights writes under random signatures, held against ajv.
// node constrained.mjs BENCH_CONSTRAINED SOURCE FOLDER [COUNT]
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { install, writeRoomyModel } from "./support.mjs";

const [bench, source, folder] = process.argv.slice(2, 5).map((path) => resolve(path));
const count = process.argv[5] ?? "200";

install(folder, { ajv: 8, "ajv-formats": 3 });
const model = join(folder, "model");
const texts = join(folder, "texts.jsonl");
const run = (program, args) => execFileSync(program, args, { cwd: folder, stdio: "inherit" });
try {
  writeRoomyModel(source, model);
  run(bench, [model, texts, count]);
  run(process.execPath, [join(source, "bench/constrained/check.mjs"), texts]);
} catch {
  process.exitCode = 1; // what is wrong has been printed
}
