#include "gateway/api/link_page.hpp"

#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

constexpr std::string_view head = R"page(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer"><title>Troupe</title>
<style>
:root{color-scheme:light dark;--line:#8884;--soft:#8881}
body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}
pre,textarea{font:13px/1.45 ui-monospace,monospace}
pre{background:var(--soft);padding:.7rem;overflow:auto;border-radius:6px;white-space:pre-wrap}
textarea,input{width:100%;box-sizing:border-box;padding:.4rem}
textarea{height:10rem}label{display:block;margin:.8rem 0}
button{font-size:1rem;margin:.6rem .6rem .6rem 0;padding:.4rem 1.4rem}
</style></head><body>
)page";

constexpr std::string_view script = R"page(<p id="said" role="status"></p>
<script>
'use strict';
const said = document.getElementById('said');
const decide = async decision => {
  const body = {decision, note: document.getElementById('note').value};
  const edit = document.getElementById('edit');
  if (edit && edit.value !== edit.defaultValue && decision === 'approved')
    try { body.edit = JSON.parse(edit.value); } catch { said.textContent = 'The text is no JSON.'; return; }
  const answer = await fetch(location.pathname, {method: 'POST', body: JSON.stringify(body),
    headers: {'Content-Type': 'application/json'}});
  const told = await answer.json();
  said.textContent = answer.ok ? 'Thank you: ' + decision + '.' : told.error.message;
  if (answer.ok) document.querySelectorAll('button').forEach(b => b.remove());
};
document.querySelectorAll('button').forEach(b => b.addEventListener('click', () => decide(b.value)));
</script>
)page";

std::string escaped(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (c == '&')
      made += "&amp;";
    else if (c == '<')
      made += "&lt;";
    else if (c == '>')
      made += "&gt;";
    else if (c == '"')
      made += "&quot;";
    else
      made += c;
  }
  return made;
}

std::string shown(const json& value) {
  return escaped(value.is_string() ? value.get<std::string>() : value.dump(2));
}

http_response page(unsigned status, const std::string& body) {
  http_response made;
  made.status = status;
  made.content_type = "text/html; charset=utf-8";
  made.body = std::string(head) + body + "</body></html>\n";
  made.headers.emplace_back("Content-Security-Policy",
                            "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; "
                            "script-src 'unsafe-inline'; frame-ancestors 'none'");
  made.headers.emplace_back("Cache-Control", "no-store");
  return made;
}

std::string button(const char* decision, const char* word) {
  return std::string("<button value=\"") + decision + "\">" + word + "</button>";
}

} // namespace

http_response link_page(const json& approval, const approval_link& link) {
  std::string body = "<h1>" + shown(approval.value("title", json("Approve?"))) + "</h1>\n<p>Asked of " +
                     escaped(link.by) + " by the workflow " + shown(approval.value("workflow", json(""))) +
                     ".</p>\n";
  const auto show = approval.value("show", json());
  if (show.is_object())
    for (const auto& [name, value] : show.items())
      body += "<h2>" + escaped(name) + "</h2><pre>" + shown(value) + "</pre>\n";
  else if (!show.is_null())
    body += "<pre>" + shown(show) + "</pre>\n";
  const auto edit = approval.contains("edited") ? approval.at("edited") : approval.value("edit", json());
  if (!edit.is_null() && link.decision != "rejected")
    body += "<label>It may be changed before it is approved (JSON):<textarea id=\"edit\">" +
            escaped(edit.dump(2)) + "</textarea></label>\n";
  body += "<label>A note: <input id=\"note\"></label>\n";
  if (link.decision != "rejected")
    body += button("approved", "Approve");
  if (link.decision != "approved")
    body += button("rejected", "Reject");
  return page(200, body + std::string(script));
}

http_response notice_page(unsigned status, const std::string& sentence, const std::string& hint) {
  return page(status, "<h1>" + escaped(sentence) + "</h1>\n<p>" + escaped(hint) + "</p>\n");
}

} // namespace troupe::gateway
