#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace pushbench::cli {

// The command line as plain values: help, completions and the manual page are all written from it.

/// A flag, or a word in its place, that a command takes.
struct Parameter {
  std::vector<std::string> names;  // "-h", "--help"; none of a word in its place
  std::string value;               // what stands for its value, "SIZE"; empty: it has none
  std::string meaning;
  std::string range;  // "1 to 100"; empty: none is stated
  std::string usual;  // its default; empty: none
  std::string group;  // the heading it stands under
  bool required = false;
  bool repeats = false;  // may be given more than once
  bool list = false;     // its value may be several with commas between them
  bool bare = false;     // its value may be left out
};

struct Command {
  std::string name;  // "run"; empty: the program itself
  std::string purpose;
  std::string examples;               // lines: a command, and indented below it what it does
  std::vector<Parameter> parameters;  // in the order of help: by their groups
};

/// The headings of help, in their order; others stand in the middle, and "What to …" first.
inline constexpr const char* kWhatToRun = "What to run";
inline constexpr const char* kWhatToVary = "What to vary";
inline constexpr const char* kOutput = "Output";

/// A command of the tree, with the flags that all commands take.
Command describe(const CLI::App& app);

/// An option that the command takes, be it its own or its parent's.
Parameter describe(const CLI::App& app, const CLI::Option& option);

/// All commands, in the order they were added.
std::vector<Command> describe_commands(const CLI::App& root);

/// "--transport TRANSPORT,...", "SCENARIO...": as help and manual show it.
std::string synopsis(const Parameter& parameter);

/// The meaning with range and default in brackets.
std::string explained(const Parameter& parameter);

/// "pushbench run [FLAGS] SCENARIO".
std::string usage(const Command& command);

}  // namespace pushbench::cli
