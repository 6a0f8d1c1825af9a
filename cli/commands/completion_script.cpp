#include "cli/commands/completion_script.hpp"

namespace troupe::cli {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words)
    out += (out.empty() ? "" : " ") + word;
  return out;
}

/// Walks the words typed so far down the tree; what is no subcommand (an option, a value) is passed over.
std::string bash_script(const std::vector<completed_command>& commands) {
  std::string script = "# eval \"$(troupe completion bash)\"\n"
                       "_troupe_words() {\n  case \"$1\" in\n";
  for (const auto& command : commands)
    script += "    '" + command.path + "') echo '" + joined(command.words) + "' ;;\n";
  return script + "  esac\n}\n"
                  "_troupe() {\n"
                  "  local path=troupe word i current=\"${COMP_WORDS[COMP_CWORD]}\"\n"
                  "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
                  "    word=\"${COMP_WORDS[i]}\"\n"
                  "    if [ -n \"$(_troupe_words \"$path $word\")\" ]; then path=\"$path $word\"; fi\n"
                  "  done\n"
                  "  COMPREPLY=($(compgen -W \"$(_troupe_words \"$path\")\" -- \"$current\"))\n"
                  "}\n"
                  "complete -o default -F _troupe troupe\n";
}

std::string zsh_script(const std::vector<completed_command>& commands) {
  return "# eval \"$(troupe completion zsh)\"\n"
         "autoload -Uz bashcompinit && bashcompinit\n" +
         bash_script(commands);
}

std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (char c : text)
    out += (c == '\'' || c == '\\') ? std::string("\\") + c : std::string(1, c);
  return out + "'";
}

std::string fish_line(const std::string& condition, const std::string& word) {
  if (word.starts_with("--"))
    return "complete -c troupe " + condition + " -l " + word.substr(2) + "\n";
  return "complete -c troupe " + condition + " -f -a " + fish_quoted(word) + "\n";
}

std::string fish_script(const std::vector<completed_command>& commands) {
  std::string script = "# troupe completion fish | source\n";
  for (const auto& command : commands) {
    const auto space = command.path.rfind(' ');
    const auto condition = space == command.path.npos
                               ? std::string("-n __fish_use_subcommand")
                               : "-n '__fish_seen_subcommand_from " + command.path.substr(space + 1) + "'";
    for (const auto& word : command.words)
      script += fish_line(condition, word);
  }
  return script;
}

} // namespace

std::string completion_script(const std::string& shell, const std::vector<completed_command>& commands) {
  if (shell == "fish")
    return fish_script(commands);
  return shell == "zsh" ? zsh_script(commands) : bash_script(commands);
}

} // namespace troupe::cli
