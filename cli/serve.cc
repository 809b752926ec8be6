#include "cli/serve.h"

#include <fmt/format.h>
#include <sys/prctl.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <optional>

#include "cli/exit_code.h"
#include "net/limits.h"
#include "net/signal.h"

namespace pushbench::cli {

namespace {

constexpr std::uint64_t kOwnFiles = 64;  // the loop's, the standard streams, the listener

/// Stops the server at the first SIGINT or SIGTERM, and gives the next one its default effect.
class Stopper {
 public:
  Stopper(net::Loop& loop, servers::Server& server)
      : server_(server),
        interrupt_(std::in_place, loop, SIGINT, net::Callback::to<&Stopper::stop>(this)),
        terminate_(std::in_place, loop, SIGTERM, net::Callback::to<&Stopper::stop>(this)) {}

 private:
  void stop() {
    interrupt_.reset();
    terminate_.reset();
    server_.shut_down();
  }
  servers::Server& server_;
  std::optional<net::Signal> interrupt_;
  std::optional<net::Signal> terminate_;
};

void print_limits(const servers::ServerOptions& options) {
  fmt::print(
      "limits: {} messages kept a room, {} rooms, {} connections; bytes: {} a text, {} a head, "
      "{} a body, {} unsent to one subscriber\n",
      options.store.retain, options.store.max_rooms, options.max_connections,
      options.transports.draft.text, options.http.head, options.http.body,
      options.transports.max_queue);
}

}  // namespace

Serve::Serve(CLI::App& app)
    : command_(
          app.add_subcommand("serve", "Serve the chat over every transport until interrupted")) {
  command_->option_defaults()->always_capture_default();
  command_->add_option("--port", options_.port, "TCP port; 0 picks a free one");
  command_->add_option("--bind", options_.bind, "IP address to listen on");
  command_->add_flag("--echo", options_.echo, "Also serve /echo, a WebSocket that echoes");
  command_->add_flag("--end-with-parent", end_with_parent_,
                     "Also stop when the program that started this one ends");
  const auto limit = [this](const char* flag, auto& value, const char* help) {
    command_->add_option(flag, value, help)->check(CLI::Range(1, 1 << 30))->group("Limits");
  };
  limit("--retain", options_.store.retain, "Messages a room keeps for those who come late");
  limit("--max-rooms", options_.store.max_rooms, "Rooms in all");
  limit("--max-connections", options_.max_connections, "Connections at once; one more gets a 503");
  limit("--max-text", options_.transports.draft.text, "Bytes of a message's text");
  limit("--max-head", options_.http.head, "Bytes of a request's target and headers");
  limit("--max-body", options_.http.body, "Bytes of a request's body");
  limit("--max-frame", options_.transports.max_message, "Bytes of a WebSocket message");
  limit("--max-queue", options_.transports.max_queue,
        "Bytes unsent to a client that reads too slowly, before it is cut");
  limit("--max-hold", options_.transports.max_hold_s, "Seconds a long poll may ask to be held");
}

int Serve::run() {
  if (end_with_parent_) prctl(PR_SET_PDEATHSIG, SIGTERM);
  // More connections than the system lets a process have could not be served: ask for what is
  // there.
  if (!net::ensure_file_limit(options_.max_connections + kOwnFiles)) {
    options_.max_connections = std::max(net::file_limit(), kOwnFiles + 1) - kOwnFiles;
  }
  net::Loop loop;
  auto server = servers::Server::start(loop, options_);
  if (!server) {
    fmt::print(stderr, "pushbench serve: {}\n", server.error().line());
    return server.error().where == options_.bind ? kWrongUsage : kBroke;
  }
  const Stopper stopper(loop, **server);  // before the line that whoever started us waits for
  fmt::print("listening on http://{}\n", (*server)->address().text());
  print_limits(options_);
  std::fflush(stdout);
  loop.run();
  return kGood;
}

}  // namespace pushbench::cli
