#include "cli/completions.h"

#include "cli/exit_code.h"
#include "cli/output.h"

namespace pushbench::cli {

namespace {

constexpr const char* kExamples =
    "source <(pushbench completions bash)\n"
    "    Completes commands, flags and values in this bash; in ~/.bashrc, in every one\n"
    "pushbench completions zsh > ~/.zsh/completions/_pushbench\n"
    "    For zsh, in a folder of its $fpath\n"
    "pushbench completions fish > ~/.config/fish/completions/pushbench.fish\n"
    "    For fish\n";

}  // namespace

Completions::Completions(CLI::App& app)
    : root_(app), command_(app.add_subcommand("completions", "Print a shell's completion script")) {
  command_->footer(kExamples);
  command_->add_option("shell", shell_, "Whose script")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->type_name("SHELL")
      ->group("What to complete");
}

int Completions::run() {
  const Command program = describe(root_);
  const std::vector<Command> commands = describe_commands(root_);
  const Output output(*command_);
  if (shell_ == "bash") output.data(bash_completion(program, commands));
  if (shell_ == "zsh") output.data(zsh_completion(program, commands));
  if (shell_ == "fish") output.data(fish_completion(program, commands));
  return kGood;
}

}  // namespace pushbench::cli
