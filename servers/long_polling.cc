#include "servers/long_polling.h"

#include <fmt/format.h>

#include "servers/clock.h"
#include "wire/number.h"
#include "wire/target.h"

namespace pushbench::servers {

namespace {
constexpr std::chrono::seconds kDefaultWait{25};  // below the 30 s after which some proxies give up
}

void LongPolling::on_request(Exchange& exchange) {
  const Result<net::Duration> wait = wait_of(exchange);
  if (!wait) return exchange.respond(shared_.answers.problem(400, wait.error().line()));

  const Batch batch = shared_.store.backlog(*exchange.room, exchange.cursor());
  if (!batch.empty()) return exchange.respond(shared_.answers.batch(batch));

  held_.add(exchange);
  exchange.hold(*this, *wait);
}

void LongPolling::on_published(Room& room, const Batch& batch) {
  const std::vector<Exchange*> waiting = held_.take(room);
  if (waiting.empty()) return;
  const Answer answer = shared_.answers.batch(batch);
  for (Exchange* exchange : waiting) exchange->respond(answer);
}

void LongPolling::on_hold_over(Exchange& exchange) {
  held_.remove(exchange);
  shared_.answers.set_time(unix_ms() / 1000);  // no request came in this turn to set it
  exchange.respond(shared_.answers.nothing_new());
}

Result<net::Duration> LongPolling::wait_of(const Exchange& exchange) const {
  const std::optional<std::string> text = wire::query_value(exchange.query(), "wait");
  if (!text) return kDefaultWait;
  double seconds = -1;
  const double most = net::seconds(shared_.options.max_hold);
  if (!wire::read_number(*text, seconds) || !(seconds >= 0 && seconds <= most)) {
    return failure("wait", fmt::format("write the seconds to hold the request, 0 to {:g}", most));
  }
  return std::chrono::duration_cast<net::Duration>(std::chrono::duration<double>(seconds));
}

}  // namespace pushbench::servers
