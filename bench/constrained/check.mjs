// node check.mjs TEXTS.jsonl, where `npm install ajv ajv-formats` was run: what bench_constrained wrote, held against ajv.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "x.js"));
const Ajv = require("ajv").default ?? require("ajv");
const addFormats = require("ajv-formats").default ?? require("ajv-formats");

let wrong = 0;
let checked = 0;
for (const line of readFileSync(process.argv[2], "utf8").split("\n")) {
  if (!line) continue;
  const { schema, text } = JSON.parse(line);
  const ajv = new Ajv({ strict: false, multipleOfPrecision: 9 });
  addFormats(ajv);
  let why = "";
  try {
    if (!ajv.validate(schema, JSON.parse(text))) why = ajv.errorsText();
  } catch (error) {
    why = String(error);
  }
  ++checked;
  if (why && ++wrong <= 10) console.log(`${why}\n  ${text}\n  ${JSON.stringify(schema)}`);
}
console.log(`${checked} checked, ${wrong} wrong`);
process.exit(wrong || !checked ? 1 : 0);
