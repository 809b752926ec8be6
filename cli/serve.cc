#include "cli/serve.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <optional>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "clients/browser/pages.h"
#include "harness/units.h"
#include "net/limits.h"
#include "net/signal.h"
#include "report/columns.h"

namespace pushbench::cli {

namespace {

// The loop's, the standard streams, the listener, and those that are being turned away.
constexpr std::uint64_t kOwnFiles = 96;
constexpr std::uint64_t kMostBytes = 1 << 30;
constexpr const char* kWhereToListen = "Where to listen";

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

constexpr const char* kExamples =
    "pushbench serve\n"
    "    On http://127.0.0.1:8080, over every transport, until Ctrl-C; in a browser\n"
    "    that is a chat\n"
    "curl -d '{\"from\":\"ann\",\"text\":\"hi\"}' 127.0.0.1:8080/rooms/lobby/messages\n"
    "    Publishes a message to it\n"
    "pushbench serve --bind 0.0.0.0 --tls-self-signed --token-file token\n"
    "    For other machines, encrypted, and only for those who send the token\n";

void say_on_stderr(std::string_view what) { fmt::print(stderr, "pushbench serve: {}\n", what); }

std::vector<servers::Page> pages_for_browsers() {
  std::vector<servers::Page> pages;
  for (const clients::Page& page : clients::pages()) {
    pages.push_back({std::string(page.path), std::string(page.type),
                     net::make_bytes(std::string(page.text)), std::string(page.version),
                     std::string(page.policy)});
  }
  return pages;
}

void print_limits(const servers::ServerOptions& options) {
  using harness::format_size;
  const std::string limits = fmt::format(
      "limits: {} messages kept a room, {} rooms, {} connections; {} a text, {} a head, {} a body, "
      "{} unsent to one subscriber",
      options.store.retain, options.store.max_rooms, options.max_connections,
      format_size(options.transports.draft.text), format_size(options.http.head),
      format_size(options.http.body), format_size(options.transports.max_queue));
  fmt::print("{}", report::wrapped(limits, 2));
}

}  // namespace

Serve::Serve(CLI::App& app)
    : command_(
          app.add_subcommand("serve", "Serve the chat over every transport until interrupted")) {
  command_->footer(kExamples);
  command_->option_defaults()->always_capture_default();
  command_->add_option("--port", options_.port, "TCP port; 0 picks a free one")
      ->check(CLI::Range(0, 65535))
      ->type_name("PORT")
      ->group(kWhereToListen);
  command_->add_option("--bind", options_.bind, "IP address to listen on")
      ->type_name("ADDRESS")
      ->group(kWhereToListen);
  command_->add_flag("--echo", options_.echo, "Also serve /echo, a WebSocket that echoes")
      ->group(kWhereToListen);
  command_
      ->add_option("--end-with-parent", parent_,
                   "Also stop when the process of this number, which started this one, ends; "
                   "there are no pages for browsers then")
      ->default_str("")
      ->type_name("PID")
      ->group(kWhereToListen);
  add_tls_and_access();
  add_compression();
  add_window();
  add_link();
  add_sizes();
  add_counts();
  add_times();
}

void Serve::add_tls_and_access() {
  CLI::Option* cert = command_
                          ->add_option("--tls-cert", options_.tls_cert,
                                       "Certificate chain (PEM file): serve https and wss")
                          ->type_name("FILE");
  CLI::Option* key =
      command_->add_option("--tls-key", options_.tls_key, "Its private key (PEM file)")
          ->type_name("FILE");
  cert->needs(key)->group("Security");
  key->needs(cert)->group("Security");
  command_
      ->add_flag("--tls-self-signed", options_.tls_self_signed,
                 "Serve https and wss with a certificate made at start; its fingerprint is printed")
      ->excludes(cert)
      ->group("Security");
  command_
      ->add_option(
          "--allow-origin", options_.access.origins,
          "Let pages of this origin (https://chat.example) come too; may be repeated, * is "
          "all. Pages of others get a 403")
      ->expected(1)
      ->take_all()
      ->default_str("")
      ->type_name("ORIGIN")
      ->group("Security");
  command_
      ->add_option("--token-file", token_file_,
                   "Only who sends the token in this file may publish and subscribe")
      ->type_name("FILE")
      ->group("Security");
}

void Serve::add_compression() {
  const std::string group = "WebSocket compression (permessage-deflate)";
  CLI::Option* on =
      command_->add_flag("--compression", compression_, "Compress where the client offers it")
          ->group(group);
  command_
      ->add_flag("--no-context-takeover", deflate_.server_no_context_takeover,
                 "Compress each message by itself: once for all subscribers, and no memory each")
      ->needs(on)
      ->group(group);
  command_
      ->add_option("--window-bits", deflate_.server_max_window_bits,
                   "Compress with a window of 2^BITS bytes at most: less memory a connection")
      ->check(CLI::Range(8, 15))
      ->type_name("BITS")
      ->needs(on)
      ->group(group);
}

void Serve::add_sizes() {
  size("--max-text", options_.transports.draft.text, "A message's text");
  size("--max-head", options_.http.head, "A request's target and headers");
  size("--max-body", options_.http.body, "A request's body");
  size("--max-message", options_.transports.message.message,
       "A WebSocket message from a client, inflated");
  size("--max-queue", options_.transports.max_queue,
       "Unsent to a client that reads too slowly, before it is cut");
}

void Serve::add_window() {
  net::Duration& window = options_.store.batch_window;
  bounded<net::Duration>("--batch-window", window, harness::parse_duration, net::Duration::zero(),
                         std::chrono::seconds(10), "0s to 10s",
                         "Gather a room's messages for so long into one batch; 0s: as they come")
      ->default_str(harness::format_duration(window))
      ->type_name("TIME:0s to 10s")
      ->group("Delivery");
}

void Serve::add_link() {
  const auto read = [this](const std::vector<std::string>& parts) {
    options_.link = &link_;
    for (const std::string& part : parts) {
      if (part.empty()) continue;  // --link alone
      const auto set = link_.set(part);
      if (!set) throw CLI::ValidationError("--link", set.error().line());
    }
  };
  command_
      ->add_option_function<std::vector<std::string>>(
          "--link", read,
          "Emulate a link before each connection: delay, jitter, up and down as in a scenario's "
          "[link]; PUT /link changes it. May be repeated, or left without a value")
      ->expected(0, 1)
      ->allow_extra_args(false)
      ->take_all()
      ->delimiter(',')
      ->default_str("")
      ->type_name("PART=VALUE")
      ->group("Delivery");
}

void Serve::add_counts() {
  count("--retain", options_.store.retain, "Messages a room keeps for those who come late");
  count("--max-headers", options_.http.headers, "Header lines of a request");
  count("--max-rooms", options_.store.max_rooms, "Rooms in all");
  count("--max-connections", options_.max_connections, "Connections at once; one more gets a 503");
  count("--max-subscribers", options_.max_subscribers, "Clients that wait in one room");
  count("--max-fragments", options_.transports.message.fragments, "Frames of a WebSocket message");
}

void Serve::add_times() {
  servers::Deadlines& d = options_.deadlines;
  time("--max-hold", max_hold_, "The longest that a long poll may ask to be held");
  time("--header-time", d.header, "For a request's head to be whole");
  time("--body-time", d.body, "For its body to be whole after that");
  time("--idle-time", d.idle, "Between requests, and for an answer to be read");
  time("--keep-alive", d.keep_alive,
       "Silence before a WebSocket ping or an event stream's comment");
  time("--ping-time", d.ping, "For a sign of life after a ping");
  time("--close-time", d.close, "For the peer's half of a goodbye");
}

/// A limit that is written with its unit.
template <class T>
CLI::Option* Serve::bounded(const char* flag, T& value, Result<T> (*parse)(std::string_view),
                            T least, T most, const char* range, const char* help) {
  const auto read = [&value, parse, least, most, range, flag](const std::string& text) {
    const Result<T> parsed = parse(text);
    if (!parsed) throw CLI::ValidationError(flag, parsed.error().line());
    if (*parsed < least || *parsed > most) {
      throw CLI::ValidationError(flag, fmt::format("{} is out of range; it takes {}", text, range));
    }
    value = *parsed;
  };
  return command_->add_option_function<std::string>(flag, read, help)->group("Limits");
}

void Serve::size(const char* flag, std::size_t& value, const char* help) {
  bounded<std::uint64_t>(flag, value, harness::parse_size_or_bytes, 1, kMostBytes, "1B to 1GiB",
                         help)
      ->default_str(harness::format_size(value))
      ->type_name("SIZE:1B to 1GiB");
}

void Serve::time(const char* flag, net::Duration& value, const char* help) {
  bounded<net::Duration>(flag, value, harness::parse_duration, std::chrono::milliseconds(1),
                         std::chrono::hours(24), "1ms to 24h", help)
      ->default_str(harness::format_duration(value))
      ->type_name("TIME:1ms to 24h");
}

void Serve::count(const char* flag, std::size_t& value, const char* help) {
  command_->add_option(flag, value, help)
      ->check(CLI::Range(1, 1 << 30))
      ->type_name("N")
      ->group("Limits");
}

int Serve::run() {
  if (parent_ != 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent_) {
      const Error error{fmt::format("--end-with-parent {}", parent_),
                        "is not the process that started this one, or it has ended; a script that "
                        "starts a server takes exec for it"};
      return complain("serve", error, kWrongUsage);
    }
  }
  for (const std::string& origin : options_.access.origins) {
    if (const auto fine = servers::check_origin(origin); !fine) {
      return complain("serve", fine.error(), kWrongUsage);
    }
  }
  if (!token_file_.empty()) {
    auto token = servers::read_token(token_file_);
    if (!token) return complain("serve", token.error(), kWrongUsage);
    options_.access.token = std::move(*token);
  }
  if (compression_) options_.transports.compression = deflate_;
  options_.transports.max_hold = max_hold_;
  if (parent_ == 0) options_.pages = pages_for_browsers();  // a run's server is for its users alone
  // More connections than the system lets a process have could not be served: ask for what is
  // there.
  if (!net::ensure_file_limit(options_.max_connections + kOwnFiles)) {
    options_.max_connections = std::max(net::file_limit(), kOwnFiles + 1) - kOwnFiles;
  }
  net::Loop loop;
  auto server = servers::Server::start(loop, options_, say_on_stderr);
  if (!server) {
    const std::string& where = server.error().where;
    const bool is_flag =
        where == options_.bind || where == options_.tls_cert || where == options_.tls_key;
    return complain("serve", server.error(), is_flag ? kWrongUsage : kBroke);
  }
  const Stopper stopper(loop, **server);  // before the line that whoever started us waits for
  const bool secure = (*server)->secure();
  fmt::print("listening on {}://{}\n", secure ? "https" : "http", (*server)->address().text());
  if (secure) fmt::print("certificate SHA-256 {}\n", (*server)->fingerprint());
  if (!Output(*command_).quiet()) print_limits(options_);
  if (options_.link != nullptr) fmt::print("link: {}\n", link_.json());
  std::fflush(stdout);
  loop.run();
  return kGood;
}

}  // namespace pushbench::cli
