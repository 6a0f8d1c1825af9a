#include "cli/commands/command.hpp"
#include "cli/console/values.hpp"
#include "gateway/http/target.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

// The answer to a wait that ran out travels a moment longer than the wait itself.
constexpr std::chrono::milliseconds reply_margin{10'000};

struct send_options {
  std::string agent;
  std::string message;
  std::string type;
  std::string key;
  std::string trace;
  std::string wait; // seconds as given; the node reads them too
};

/// How long the reply may take; nothing when it is not waited for.
result<std::chrono::milliseconds> wait_of(const send_options& options) {
  if (options.wait.empty())
    return std::chrono::milliseconds(0);
  double seconds = 0;
  const auto* end = options.wait.data() + options.wait.size();
  auto [rest, problem] = std::from_chars(options.wait.data(), end, seconds);
  if (problem != std::errc{} || rest != end || !(seconds >= 0) || seconds > 3600)
    return fail(fault::invalid, "--wait=" + options.wait + " is no number of seconds", "--wait=30");
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

/// With --type the message is the body: JSON, or else plain text. Without, it is {"type", "body"?}.
result<json> message_of(const send_options& options, const std::string& text) {
  auto value = json::parse(text, nullptr, false);
  if (!options.type.empty())
    return json{{"type", options.type}, {"body", value.is_discarded() ? json(text) : value}};
  if (value.is_object() && value.contains("type"))
    return value;
  return fail(fault::invalid, "the message does not say which handler it is for",
              "troupe send " + options.agent + " MESSAGE --type HANDLER");
}

http_call call_of(const std::string& path, const send_options& options, const json& message,
                  std::chrono::milliseconds wait) {
  http_call call;
  call.method = "POST";
  call.target = path + "/messages";
  call.body = message.dump();
  if (!options.key.empty())
    call.headers["Idempotency-Key"] = options.key;
  if (!options.trace.empty())
    call.headers["X-Correlation-Id"] = options.trace;
  if (!options.wait.empty())
    call.target += "?wait=" + gateway::percent_encode(options.wait);
  call.timeout = wait + reply_margin;
  return call;
}

command_result print_receipt(const invocation& run, const http_reply& reply, const json& body, bool waited) {
  auto print = run.print();
  auto whole = body;
  whole["trace"] = reply.correlation;
  if (!print.is_text())
    print.document(whole);
  else
    print.text(cell(body, "id") + "\n");
  if (!waited)
    return exit_code::done;
  print.note("no reply yet; follow it with: troupe trace " + reply.correlation + " -f");
  return exit_code::open;
}

command_result print_reply(const invocation& run, const http_reply& reply, const json& body) {
  auto print = run.print();
  if (print.is_text()) {
    print.text(body["reply"].dump(2) + "\n");
    return exit_code::done;
  }
  auto whole = body;
  whole["trace"] = reply.correlation;
  print.document(whole);
  return exit_code::done;
}

/// An error that names the message means: it went in, and the agent failed on it.
command_result print_failure(const invocation& run, const http_reply& reply, const json& body) {
  auto problem = read_error(body, reply.status);
  if (!body.is_object() || !body.contains("id"))
    return tl::unexpected(std::move(problem));
  problem.message = cell(body["error"], "code") + ": " + problem.message;
  problem.hint = "troupe trace " + reply.correlation;
  run.print().failure(problem);
  return exit_code::failed;
}

command_result send(const invocation& run, const send_options& options) {
  auto path = agent_path(options.agent);
  if (!path)
    return tl::unexpected(path.error());
  auto text = read_argument(run, options.message);
  if (!text)
    return tl::unexpected(text.error());
  auto message = message_of(options, *text);
  if (!message)
    return tl::unexpected(message.error());
  auto wait = wait_of(options);
  if (!wait)
    return tl::unexpected(wait.error());
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto reply = node->send(call_of(*path, options, *message, *wait));
  if (!reply)
    return tl::unexpected(reply.error());
  auto body = json::parse(reply->body, nullptr, false);
  if (reply->status >= 400)
    return print_failure(run, *reply, body);
  if (body.is_object() && body.contains("reply"))
    return print_reply(run, *reply, body);
  return print_receipt(run, *reply, body.is_object() ? body : json::object(), wait->count() > 0);
}

} // namespace

void add_send(CLI::App& root, invocation& run) {
  add_command<send_options>(
      root, run, "send", "Send a durable message to an agent",
      [](CLI::App& command, send_options& options) {
        command.add_option("AGENT", options.agent, "KIND/KEY")->required();
        command.add_option("MESSAGE", options.message, "JSON or text, @FILE, or - for standard input")
            ->required();
        command.add_option("-t,--type", options.type,
                           "the handler; else the message is {\"type\", \"body\"}");
        command.add_flag("--wait{30}", options.wait, "wait for the reply: 30 s, or --wait=SECONDS");
        command.add_option("--idempotency-key", options.key, "the same key again is the same message");
        command.add_option("--trace", options.trace, "correlation id; else a new one");
      },
      send);
}

} // namespace troupe::cli
