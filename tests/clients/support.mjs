// What the clients' tests have in common.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/// Installs packages of npm into the folder once; ends the program with 77 where that cannot be. Gives what finds them.
export function install(folder, packages) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  const { resolve } = createRequire(join(folder, "package.json"));
  try {
    for (const name of Object.keys(packages)) resolve(name);
  } catch {
    const wanted = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
    try {
      execFileSync("npm", ["install", "--no-audit", "--no-fund", ...wanted], { cwd: folder, timeout: 120000, stdio: "ignore" });
    } catch {
      console.log(`skipped: npm cannot install ${Object.keys(packages).join(", ")} here`);
      process.exit(77);
    }
  }
  return resolve;
}

function patch(file, changes) {
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file)), ...changes }));
}

/// The tiny golden model, its weights random, with room for longer texts.
export function writeRoomyModel(source, folder, tokenizer = {}) {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(source, "tests/golden/engine/llama-gqa/model"), folder, { recursive: true });
  patch(join(folder, "config.json"), { max_position_embeddings: 8192 });
  patch(join(folder, "tokenizer_config.json"), tokenizer);
}
