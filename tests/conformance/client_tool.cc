// One of the load's clients as a program, for tests whose server is not ours: it says what happens
// in lines of JSON, and publishes the drafts that come as lines of JSON, until there are no more.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "clients/registry.h"
#include "net/address.h"
#include "net/loop.h"
#include "net/random.h"
#include "net/signal.h"
#include "net/tls.h"
#include "wire/message.h"

namespace pushbench {

namespace {

std::string json_string(std::string_view text) {
  std::string out;
  wire::append_quoted(out, text);
  return out;
}

std::string_view name_of(clients::Ended how) {
  switch (how) {
    case clients::Ended::delivered:
      return "delivered";
    case clients::Ended::empty:
      return "empty";
    case clients::Ended::published:
      return "published";
    case clients::Ended::opened:
      return "opened";
  }
  return "";
}

/// Each event is one line: its name, and what belongs to it.
class Printer final : public clients::ClientListener {
 public:
  void on_joined(clients::Client&) override { print(R"({"event":"joined"})"); }
  void on_message(clients::Client&, const wire::Message& message) override {
    std::string json;
    wire::append_message(json, message);
    print(fmt::format(R"({{"event":"message","message":{}}})", json));
  }
  void on_gap(clients::Client&, const wire::Gap& gap) override {
    print(fmt::format(
        R"({{"event":"gap","reason":{},"after":{},"oldest":{},"last":{},"epoch":{}}})",
        json_string(gap.reason), gap.after, gap.oldest, gap.last, json_string(gap.epoch)));
  }
  void on_exchange(clients::Client&, clients::Ended how) override {
    print(fmt::format(R"({{"event":"exchange","how":"{}"}})", name_of(how)));
  }
  void on_connection(clients::Client&) override { print(R"({"event":"connection"})"); }
  void on_disconnected(clients::Client&, const std::string& reason) override {
    print(fmt::format(R"({{"event":"disconnected","reason":{}}})", json_string(reason)));
  }
  void on_rejoined(clients::Client&) override { print(R"({"event":"rejoined"})"); }
  void on_failure(clients::Client&, const Error& error) override {
    print(fmt::format(R"({{"event":"failure","what":{}}})", json_string(error.line())));
  }

 private:
  static void print(std::string_view line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
  }
};

/// Publishes what comes on the standard input, and stops the loop at its end.
class Drafts {
 public:
  Drafts(net::Loop& loop, clients::Client& client)
      : loop_(loop), client_(client), poll_(new uv_poll_t) {
    uv_poll_init(loop.uv(), poll_.get(), STDIN_FILENO);
    poll_->data = this;
    uv_poll_start(poll_.get(), UV_READABLE,
                  [](uv_poll_t* handle, int, int) { static_cast<Drafts*>(handle->data)->take(); });
  }

 private:
  void take() {
    std::array<char, 64 * 1024> bytes;
    const ssize_t count = read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count <= 0) return loop_.stop();
    text_.append(bytes.data(), static_cast<std::size_t>(count));
    std::size_t begin = 0;
    for (std::size_t end; (end = text_.find('\n', begin)) != std::string::npos; begin = end + 1) {
      publish(std::string_view(text_).substr(begin, end - begin));
    }
    text_.erase(0, begin);
  }
  void publish(std::string_view line) {
    const auto draft = reader_.read(line);
    if (draft) return client_.publish(*draft);
    fmt::print(stderr, "{}\n", draft.error().line());
    loop_.stop();
  }

  net::Loop& loop_;
  clients::Client& client_;
  net::Handle<uv_poll_t> poll_;
  std::string text_;  // what has come of the next line
  wire::DraftReader reader_{{64, 4 * 1024 * 1024, 64}};
};

struct Options {
  std::string transport;
  std::string dialect{clients::kOwnDialect};
  std::string host;
  std::uint16_t port = 0;
  std::string room;
  std::string fingerprint;
  std::string after = "0";
  unsigned interval_ms = 20;
  unsigned ping_ms = 0;
  clients::ClientOptions client;
};

int complain(const Error& error) {
  fmt::print(stderr, "{}\n", error.line());
  return 2;
}

int join_and_publish(const Options& options) {
  const auto address = net::Address::parse(options.host, options.port);
  if (!address) return complain(address.error());
  const auto cursor = wire::parse_cursor(options.after);
  if (!cursor) return complain(cursor.error());
  std::unique_ptr<net::TlsContext> tls;
  if (!options.fingerprint.empty()) {
    auto context = net::TlsContext::client(options.fingerprint);
    if (!context) return complain(context.error());
    tls = std::move(*context);
  }
  net::Loop loop;
  net::Random random;
  wire::BatchReader batches;
  Printer printer;
  const clients::RequestHeaders headers;
  const clients::Shared shared{loop, *address, tls.get(), printer, batches, random, headers};
  const auto client =
      clients::make_client(options.transport, shared, {}, options.client, options.dialect);
  if (client == nullptr) return complain({options.transport, "is no transport"});
  const net::Signal terminate(loop, SIGTERM, net::Callback::to<&net::Loop::stop>(&loop));
  const Drafts drafts(loop, *client);
  client->join(options.room, *cursor);
  loop.run();
  client->leave();
  return 0;
}

int parse_and_run(int argc, char** argv) {
  CLI::App app{"Joins a room of any server, says what happens, and publishes what it reads"};
  Options options;
  app.add_option("TRANSPORT", options.transport)->required();
  app.add_option("HOST", options.host)->required();
  app.add_option("PORT", options.port)->required();
  app.add_option("ROOM", options.room)->required();
  app.add_option("--dialect", options.dialect, "What the server speaks");
  app.add_option("--path", options.client.path, "Of the server's URL");
  app.add_option("--tls", options.fingerprint, "Speak TLS; SHA-256 of the server's certificate");
  app.add_option("--after", options.after, "What it has: the last seq, or EPOCH.SEQ");
  app.add_option("--interval", options.interval_ms, "Polling: milliseconds between polls");
  app.add_option("--ping", options.ping_ms, "WebSocket: milliseconds between pings; 0: none");
  app.add_flag("--compression", options.client.compression, "WebSocket: offer it");
  CLI11_PARSE(app, argc, argv);
  options.client.interval = std::chrono::milliseconds(options.interval_ms);
  options.client.ping = std::chrono::milliseconds(options.ping_ms);
  return join_and_publish(options);
}

}  // namespace

}  // namespace pushbench

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return pushbench::parse_and_run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "client_tool: %s\n", error.what());
    return 1;
  }
}
