// Drives a server by bytes made ready beforehand, and counts what comes without reading it: fast
// enough that the server is what is measured. Prints one JSON object.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "bench/drive/echo.h"
#include "bench/drive/fan_out.h"
#include "bench/drive/idle.h"
#include "net/limits.h"

namespace {

using namespace pushbench;
using nlohmann::ordered_json;

struct Arguments {
  std::string dialect = "pushbench/websocket";
  std::string room = "drive";
  std::uint16_t port = 8080;
  std::size_t connections = 100;
  std::size_t window = 1;
  double seconds = 1;
  double warm_up = 0.3;
  std::vector<pid_t> server;
  bool on_demand = false;

  std::chrono::milliseconds time() const { return ms(seconds); }
  std::chrono::milliseconds warm_up_time() const { return ms(warm_up); }
  static std::chrono::milliseconds ms(double s) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(s * 1000));
  }
};

double us_each(std::uint64_t ns, std::uint64_t count) {
  return count == 0 ? 0 : static_cast<double>(ns) / 1000 / static_cast<double>(count);
}

int print(const ordered_json& figures) {
  fmt::print("{}\n", figures.dump());
  std::fflush(stdout);
  return 0;
}

int fail(const Error& error) {
  fmt::print(stderr, "drive: {}\n", error.line());
  return 1;
}

/// So that whoever counts what a server does can begin when all are connected, and end before they
/// leave.
void wait_for_line() {
  for (int c = std::getchar(); c != '\n' && c != EOF; c = std::getchar()) continue;
}

int fan_out(const Arguments& given) {
  const auto dialect =
      bench::make_dialect(given.dialect, fmt::format("127.0.0.1:{}", given.port), given.room);
  if (!dialect) return fail(dialect.error());
  bench::FanOutOptions options{given.port,           given.connections, given.window,
                               given.warm_up_time(), given.time(),      given.server};
  if (given.on_demand) {
    options.connected = [] {
      print({{"connected", true}});
      wait_for_line();
    };
  }
  bench::FanOut run(**dialect, options);
  const auto got = run.run();
  if (!got) return fail(got.error());
  const auto deliveries = static_cast<double>(got->deliveries);
  print({{"dialect", given.dialect},
         {"subscribers", given.connections},
         {"window", given.window},
         {"seconds", got->seconds},
         {"messages", got->messages},
         {"deliveries", got->deliveries},
         {"deliveries_in_all", got->deliveries_in_all},
         {"deliveries_per_s", deliveries / got->seconds},
         {"bytes_per_delivery", static_cast<double>(got->bytes) / deliveries},
         {"server_cpu_us_per_delivery", us_each(got->server_cpu_ns, got->deliveries)},
         {"driver_cpu_us_per_delivery", us_each(got->own_cpu_ns, got->deliveries)}});
  if (given.on_demand) wait_for_line();
  return 0;
}

int echo(const Arguments& given) {
  const auto got = bench::echo({given.port, given.dialect == "floor", given.connections,
                                given.warm_up_time(), given.time(), given.server});
  if (!got) return fail(got.error());
  return print({{"dialect", given.dialect},
                {"connections", given.connections},
                {"seconds", got->seconds},
                {"echoes", got->echoes},
                {"echoes_per_s", static_cast<double>(got->echoes) / got->seconds},
                {"server_cpu_us_per_echo", us_each(got->server_cpu_ns, got->echoes)}});
}

int idle(const Arguments& given) {
  if (given.connections < 2) return fail({"connections", "idle needs 2 or more"});
  const auto got =
      bench::idle_bytes({given.port, given.dialect, given.room, given.connections, given.server});
  if (!got) return fail(got.error());
  return print({{"dialect", given.dialect},
                {"connections", given.connections},
                {"bytes_per_connection", *got}});
}

void add_options(CLI::App& app, Arguments& given) {
  app.add_option("--port", given.port, "The server's, on 127.0.0.1");
  app.add_option("--dialect", given.dialect,
                 fmt::format("One of {}", fmt::join(bench::dialect_names(), ", ")));
  app.add_option("--room", given.room, "One that is empty");
  app.add_option("--connections", given.connections, "Subscribers, or echoing connections")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--window", given.window, "Messages published that not all subscribers have")
      ->check(CLI::Range(1, 1024));
  app.add_option("--seconds", given.seconds, "How long to count")->check(CLI::Range(0.01, 3600.));
  app.add_option("--warm-up", given.warm_up, "Seconds before that")->check(CLI::Range(0., 3600.));
  app.add_flag("--on-demand", given.on_demand,
               "Say when all are connected, and wait for a line then and at the end");
  app.add_option("--server-pid", given.server, "The server's processes, whose CPU time is taken");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Drives a server from one thread and says what it took, as JSON");
  Arguments given;
  add_options(app, given);
  app.require_subcommand(1);
  app.fallthrough();
  app.add_subcommand("fan-out", "One publisher, many subscribers");
  app.add_subcommand("echo", "64 bytes there and back, over and over");
  app.add_subcommand("idle", "What a connected subscriber that gets nothing takes in memory");
  CLI11_PARSE(app, argc, argv);
  if (auto files = net::ensure_file_limit(given.connections + 64); !files) {
    return fail(files.error());
  }
  if (app.got_subcommand("fan-out")) return fan_out(given);
  return app.got_subcommand("echo") ? echo(given) : idle(given);
}
