// build/release/skeleton tests the transport that the student writes, up to the first step that is
// not right yet; `skeleton serve` serves it, to be seen with curl.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "course/skeleton/mounted.h"
#include "net/loop.h"
#include "net/signal.h"
#include "servers/server.h"
#include "wire/number.h"

namespace {

using namespace pushbench;

constexpr std::uint16_t kPort = 8082;  // beside `pushbench serve`
constexpr std::chrono::seconds kKeepAlive{5};

// The project's folder as the compiler saw it, whole or from the build's folder: a student is told
// what lies in it.
constexpr std::string_view kMain = __FILE__;
constexpr std::string_view kRoot = kMain.substr(0, kMain.rfind("course/skeleton/main.cc"));

constexpr std::string_view kHelp =
    "skeleton                             tests your transport, up to the first step that fails\n"
    "skeleton --gtest_filter='*Step3*'    tests one step\n"
    "skeleton serve [PORT]                serves it, on port 8082 unless another one is given\n";

/// Stops the server at the first Ctrl-C, and gives the next one its default effect.
class Stopper {
 public:
  Stopper(net::Loop& loop, servers::Server& server)
      : server_(server),
        interrupt_(std::in_place, loop, SIGINT, net::Callback::to<&Stopper::stop>(this)) {}

 private:
  void stop() {
    interrupt_.reset();
    server_.shut_down();
  }
  servers::Server& server_;
  std::optional<net::Signal> interrupt_;
};

int serve(std::uint16_t port) {
  std::signal(SIGPIPE, SIG_IGN);
  servers::ServerOptions options;
  options.port = port;
  options.transport_maker = servers::with_http_streaming;
  options.deadlines.keep_alive = kKeepAlive;  // who watches need not wait for long
  net::Loop loop;
  const auto server = servers::Server::start(loop, options);
  if (!server) {
    fmt::print(stderr, "skeleton serve: {}\n", server.error().line());
    return 1;
  }
  const Stopper stopper(loop, **server);
  fmt::print("listening on http://{}\n", (*server)->address().text());
  std::fflush(stdout);
  loop.run();
  return 0;
}

/// What a student needs to see: the steps that are done, and what is wrong with the next one.
class Steps final : public testing::EmptyTestEventListener {
 private:
  void OnTestPartResult(const testing::TestPartResult& part) override {
    if (!part.failed()) return;
    std::string_view file = part.file_name() == nullptr ? "" : part.file_name();
    if (file.starts_with(kRoot)) file.remove_prefix(kRoot.size());
    said_ += fmt::format("{}:{}:\n{}\n", file, part.line_number(), part.message());
  }
  void OnTestEnd(const testing::TestInfo& test) override {
    if (test.result()->Skipped()) return;
    fmt::print("{:<8} {}\n", test.result()->Passed() ? "ok" : "not yet", test.name());
    if (!said_.empty()) fmt::print("\n{}\n", std::exchange(said_, {}));
  }
  void OnTestProgramEnd(const testing::UnitTest& all) override {
    fmt::print("{} of {} tests pass\n", all.successful_test_count(), all.test_to_run_count());
  }

  std::string said_;
};

/// Up to the first test that fails, unless a flag says otherwise.
int test(int argc, char** argv) {
  GTEST_FLAG_SET(fail_fast, true);
  testing::InitGoogleMock(&argc, argv);
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  delete listeners.Release(listeners.default_result_printer());
  listeners.Append(new Steps);  // which it owns
  return RUN_ALL_TESTS();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "--help" || command == "-h") {
    fmt::print("{}", kHelp);
    return 0;
  }
  if (command == "serve") {
    std::uint16_t port = kPort;
    if (argc == 2 || (argc == 3 && wire::read_number(argv[2], port))) return serve(port);
    fmt::print(stderr, "skeleton serve: it takes a port, 0 to 65535, or nothing\n");
    return 2;
  }
  return test(argc, argv);
}
