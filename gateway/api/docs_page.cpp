#include "gateway/api/docs_page.hpp"

namespace troupe::gateway {

namespace {

constexpr std::string_view page = R"page(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Troupe API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root{color-scheme:light dark;--line:#8884;--soft:#8881}
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2rem;text-transform:capitalize}
details{border:1px solid var(--line);border-radius:6px;margin:.4rem 0;padding:.4rem .8rem}
summary{cursor:pointer}code,pre,input,textarea{font:13px/1.45 ui-monospace,monospace}
pre{background:var(--soft);padding:.6rem;overflow:auto;max-height:24rem;border-radius:4px}
.verb{display:inline-block;width:4.5em;font-weight:600}
label{display:block;margin:.3rem 0}label span{display:inline-block;min-width:11rem}
input{width:20rem;max-width:60%}textarea{width:100%;height:6rem;box-sizing:border-box}
button{margin:.5rem 0;padding:.2rem 1rem}
</style></head><body>
<h1>Troupe API</h1><p id="about">Reading <a href="/openapi.json">/openapi.json</a> …</p><main id="routes"></main>
<script>
'use strict';
const make = (tag, text, parent) => {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  if (parent) parent.append(node);
  return node;
};
const resolve = (schema, all, depth = 0) => {
  if (!schema || depth > 6) return schema;
  if (schema.$ref) return resolve(all[schema.$ref.split('/').pop()], all, depth + 1);
  const copy = {...schema};
  if (copy.properties)
    copy.properties = Object.fromEntries(Object.entries(copy.properties).map(([k, v]) => [k, resolve(v, all, depth + 1)]));
  if (copy.items) copy.items = resolve(copy.items, all, depth + 1);
  return copy;
};
const showSchema = (title, content, all, parent) => {
  const schema = Object.values(content || {})[0]?.schema;
  make('p', title, parent);
  if (schema) make('pre', JSON.stringify(resolve(schema, all), null, 2), parent);
};
const target = (path, fields) => {
  const query = new URLSearchParams();
  for (const [p, input] of fields) {
    if (p.in === 'path') path = path.replace(`{${p.name}}`, encodeURIComponent(input.value));
    if (p.in === 'query' && input.value) query.set(p.name, input.value);
  }
  return query.size ? `${path}?${query}` : path;
};
const showRoute = (path, verb, operation, all, parent) => {
  const box = make('details', '', parent);
  const head = make('summary', '', box);
  make('code', verb.toUpperCase(), head).className = 'verb';
  make('code', path + ' ', head);
  make('span', operation.summary, head);
  const fields = (operation.parameters || []).map(p => {
    const label = make('label', '', box);
    make('span', `${p.name} (${p.in})`, label);
    const input = make('input', '', label);
    input.placeholder = p.description;
    return [p, input];
  });
  let body;
  if (operation.requestBody) {
    showSchema('Body:', operation.requestBody.content, all, box);
    body = make('textarea', '', box);
    body.value = '{}';
  }
  const button = make('button', 'Try it', box);
  const answer = make('pre', '', box);
  answer.hidden = true;
  button.onclick = async () => {
    const headers = body ? {'Content-Type': 'application/json'} : {};
    for (const [p, input] of fields) if (p.in === 'header' && input.value) headers[p.name] = input.value;
    const response = await fetch(target(path, fields), {method: verb.toUpperCase(), headers, body: body?.value});
    let text = await response.text();
    try { text = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: shown as it is */ }
    answer.hidden = false;
    answer.textContent = `${response.status} ${response.headers.get('X-Correlation-Id') || ''}\n${text}`;
  };
  for (const [status, r] of Object.entries(operation.responses))
    showSchema(`${status}: ${r.description}`, r.content, all, box);
};
fetch('/openapi.json').then(r => r.json()).then(api => {
  document.getElementById('about').textContent = `${api.info.description} Version ${api.info.version}.`;
  const main = document.getElementById('routes');
  const sections = {};
  for (const [path, verbs] of Object.entries(api.paths))
    for (const [verb, operation] of Object.entries(verbs)) {
      const tag = operation.tags[0];
      if (!sections[tag]) { sections[tag] = make('section', '', main); make('h2', tag, sections[tag]); }
      showRoute(path, verb, operation, api.components.schemas, sections[tag]);
    }
});
</script></body></html>
)page";

} // namespace

std::string_view docs_page() noexcept { return page; }

} // namespace troupe::gateway
