// The routes of OpenAI's API, asked by OpenAI's own client. node openai.mjs TROUPE SOURCE FOLDER
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { install, writeRoomyModel } from "./support.mjs";

const [troupe, source, folder] = process.argv.slice(2).map((path) => resolve(path));

const template = "{% if tools %}<tool_call>{{ tools | tojson }}{% endif %}{% for message in messages %}{{ message.content }}\n{% endfor %}";

function writeFiles(home) {
  const golden = join(source, "tests/golden/engine/llama-gqa");
  writeRoomyModel(source, join(home, "caller"), { chat_template: template }); // it shows how to call tools
  writeFileSync(join(home, "models.yaml"), `
providers:
  caller: { kind: native, path: caller, precision: f32, priority: normal }
  tiny: { kind: native, path: ${golden}/model, adapters: { poet: ${golden}/adapter }, precision: f32, priority: normal }
segments:
  default: { provider: tiny, model: tiny }
`);
  mkdirSync(join(home, "flows/agents"), { recursive: true });
  writeFileSync(join(home, "flows/agents/parrot.yaml"), `
agent: parrot
version: 1
actions:
  chat:
    input: { properties: { text: { type: string }, messages: { type: array } }, required: [text] }
    output: { properties: { text: { type: string } }, required: [text] }
    steps:
      - return: { text: "You said: \${{ input.text }}" }
`);
}

async function startNode(home) {
  const node = spawn(troupe, ["up", "--port", "0", "--workflows", "flows"], {
    cwd: home,
    env: { ...process.env, TROUPE_MODELS_FILE: "models.yaml", TROUPE_LOG_FILE: join(home, "log") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((done) => node.once("exit", done));
  for await (const line of createInterface({ input: node.stdout }))
    return { url: line, ended, stop: () => node.kill("SIGTERM") };
  throw new Error("the node did not start");
}

const hello = [{ role: "user", content: "Hello there" }];
const asked = { model: "tiny", messages: hello, max_tokens: 12, seed: 7 };

const checks = {
  async "models, adapters and agents are listed"(client) {
    const ids = [];
    for await (const model of client.models.list()) ids.push(model.id);
    for (const id of ["tiny", "tiny+poet", "agent/parrot"]) assert(ids.includes(id), id);
    assert.equal((await client.models.retrieve("tiny+poet")).id, "tiny+poet");
  },
  async "a conversation goes on, whole and in a stream"(client) {
    const whole = await client.chat.completions.create(asked);
    assert.equal(whole.choices[0].message.role, "assistant");
    assert(["stop", "length"].includes(whole.choices[0].finish_reason));
    let text = "";
    let usage;
    for await (const chunk of await client.chat.completions.create({ ...asked, stream: true, stream_options: { include_usage: true } })) {
      text += chunk.choices[0]?.delta?.content ?? "";
      usage = chunk.usage ?? usage;
    }
    assert.equal(text, whole.choices[0].message.content);
    assert.deepEqual(usage.completion_tokens, whole.usage.completion_tokens);
  },
  async "the client's own stream helper puts the same message together"(client) {
    const runner = client.chat.completions.stream(asked);
    const whole = await client.chat.completions.create(asked);
    assert.equal(await runner.finalContent(), whole.choices[0].message.content);
  },
  async "an adapter answers under its own name, in one batch with the base"(client) {
    const ask = (model) => client.chat.completions.create({ ...asked, model, max_tokens: 60, temperature: 0 });
    const [base, poet] = await Promise.all([ask("tiny"), ask("tiny+poet")]);
    assert.notEqual(base.choices[0].message.content, poet.choices[0].message.content);
  },
  async "choices, stops and scores come as asked"(client) {
    const made = await client.chat.completions.create({ ...asked, n: 3, logprobs: true, top_logprobs: 2, stop: ["e"] });
    assert.equal(made.choices.length, 3);
    for (const choice of made.choices) assert(!choice.message.content.includes("e"));
    for (const one of made.choices[0].logprobs.content) assert.equal(one.top_logprobs.length, 2);
  },
  async "tools are taken, and a forced call is written as one or as text"(client) {
    const tools = [{ type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } }];
    const made = await client.chat.completions.create({ ...asked, tools, tool_choice: "auto" });
    assert(made.choices[0].message);
    await assert.rejects(client.chat.completions.create({ ...asked, tools, tool_choice: "required" }), /not taught to call tools/);
  },
  async "a reply fits the schema that was asked for, whole and in a stream"(client) {
    const schema = {
      type: "object", required: ["name", "age"], additionalProperties: false,
      properties: { name: { type: "string", maxLength: 12 }, age: { type: "integer", minimum: 0, maximum: 150 }, tags: { type: "array", maxItems: 2, items: { enum: ["new", "old"] } } },
    };
    const response_format = { type: "json_schema", json_schema: { name: "person", strict: true, schema } };
    const fits = (text) => {
      const { name, age, tags = [], ...more } = JSON.parse(text);
      assert(typeof name === "string" && [...name].length <= 12 && Number.isInteger(age) && age >= 0 && age <= 150);
      assert(tags.length <= 2 && tags.every((tag) => ["new", "old"].includes(tag)) && !Object.keys(more).length);
    };
    for (const seed of [1, 2]) fits((await client.chat.completions.create({ model: "caller", messages: hello, response_format, seed })).choices[0].message.content);
    const parsed = await client.chat.completions.parse({ model: "caller", messages: hello, response_format });
    fits(JSON.stringify(parsed.choices[0].message.parsed ?? JSON.parse(parsed.choices[0].message.content)));
    fits(await client.chat.completions.stream({ model: "caller", messages: hello, response_format, seed: 3 }).finalContent());
    const object = await client.chat.completions.create({ model: "caller", messages: hello, response_format: { type: "json_object" }, stop: [":"] });
    assert(object.choices[0].message.content.startsWith("{"));
  },
  async "a schema that cannot be kept to is refused by its keyword"(client, OpenAI) {
    const schema = { type: "object", properties: { scores: { type: "array", uniqueItems: true, items: { type: "number" } } } };
    for (const stream of [false, true])
      await assert.rejects(
        client.chat.completions.create({ model: "caller", messages: hello, stream, response_format: { type: "json_schema", json_schema: { name: "odd", schema } } }),
        (why) => why instanceof OpenAI.BadRequestError && /uniqueItems/.test(why.message) && why.param === "response_format",
      );
  },
  async "a forced call has a tool's name and arguments that fit"(client) {
    const parameters = { type: "object", required: ["city"], additionalProperties: false, properties: { city: { enum: ["Ulm", "Bonn"] } } };
    const tools = [{ type: "function", function: { name: "weather", strict: true, parameters } }];
    for (const tool_choice of ["required", { type: "function", function: { name: "weather" } }]) {
      const made = await client.chat.completions.create({ model: "caller", messages: hello, tools, tool_choice });
      const runner = client.chat.completions.stream({ model: "caller", messages: hello, tools, tool_choice });
      const streamed = await runner.finalChatCompletion();
      for (const { choices } of [made, streamed]) {
        assert.equal(choices[0].finish_reason, "tool_calls");
        const call = choices[0].message.tool_calls[0].function;
        assert.equal(call.name, "weather");
        assert(["Ulm", "Bonn"].includes(JSON.parse(call.arguments).city));
      }
    }
  },
  async "texts go on"(client) {
    const made = await client.completions.create({ model: "tiny", prompt: ["Once", "Twice"], max_tokens: 4, echo: true });
    assert(made.choices[1].text.startsWith("Twice"));
  },
  async "embeddings are vectors of unit length, packed or not"(client) {
    const packed = await client.embeddings.create({ model: "tiny", input: ["one", "two"] });
    const plain = await client.embeddings.create({ model: "tiny", input: ["one", "two"], encoding_format: "float" });
    assert.deepEqual(packed.data[1].embedding.length, 64);
    packed.data[1].embedding.forEach((value, i) => assert(Math.abs(value - plain.data[1].embedding[i]) < 1e-6));
    assert(Math.abs(Math.hypot(...plain.data[0].embedding) - 1) < 1e-5);
  },
  async "errors are those the client knows"(client, OpenAI) {
    await assert.rejects(client.chat.completions.create({ ...asked, model: "gpt-5" }), OpenAI.NotFoundError);
    await assert.rejects(client.chat.completions.create({ ...asked, temperature: 9 }), OpenAI.BadRequestError);
    const long = [{ role: "user", content: "x".repeat(5000) }];
    for (const stream of [false, true])
      await assert.rejects(client.chat.completions.create({ ...asked, messages: long, stream }), (why) => why.code === "context_length_exceeded" && why.status === 400);
    await assert.rejects(client.chat.completions.create({ ...asked, temprature: 1 }), (why) => why.param === "temprature");
  },
  async "an agent is a model too"(client) {
    const said = await client.chat.completions.create({ model: "agent/parrot", messages: hello, user: "ada" });
    assert.equal(said.choices[0].message.content, "You said: Hello there");
    let text = "";
    for await (const chunk of await client.chat.completions.create({ model: "agent/parrot", messages: hello, stream: true }))
      text += chunk.choices[0]?.delta?.content ?? "";
    assert.equal(text, "You said: Hello there");
  },
  async "a client that goes away ends its text"(client, OpenAI, url) {
    const stream = await client.chat.completions.create({ ...asked, max_tokens: 200, stream: true });
    for await (const chunk of stream) if (chunk) break;
    stream.controller.abort();
    for (let running = true; running; ) // until the node has noticed; ctest's time-out ends a wait in vain
      running = !/troupe_model_running{model="tiny"} 0/.test(await (await fetch(url + "/metrics")).text());
  },
  async "two adapters answered from one batch show in the metrics"(client, OpenAI, url) {
    const ask = (model) => client.chat.completions.create({ ...asked, model, max_tokens: 200, ignore_eos: true });
    let metrics = "";
    while (!/troupe_model_batch_adapters_most{model="tiny"} 2/.test(metrics)) { // until two have met; else ctest's time-out
      await Promise.all([ask("tiny"), ask("tiny+poet")]);
      metrics = await (await fetch(url + "/metrics")).text();
    }
    assert.match(metrics, /inference_queue_depth{model="tiny"} 0/);
  },
};

const OpenAI = (await import(pathToFileURL(install(folder, { openai: 6 })("openai")).href)).default;
const home = mkdtempSync(join(tmpdir(), "troupe-openai-"));
let failed = 0;
try {
  writeFiles(home);
  const node = await startNode(home);
  const client = new OpenAI({ baseURL: node.url + "/v1", apiKey: "none", maxRetries: 0 });
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check(client, OpenAI, node.url);
      console.log("ok    ", name);
    } catch (why) {
      ++failed;
      console.log("FAILED", name, "\n", why);
    }
  }
  node.stop();
  if ((await node.ended) !== 0) ++failed;
} finally {
  rmSync(home, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
