#include "report/studies/aquilio.h"

#include <fmt/format.h>

#include <cmath>

#include "report/studies/own_bytes.h"

namespace pushbench::report::aquilio {

namespace {

constexpr std::size_t kText = 39;  // "Mon Aug 28 2017 08:57:20 GMT-0500 (CDT)"

/// One way of polling: what was recorded, and our run of it.
struct Method {
  std::string name;  // "long poll"
  std::string_view kind;
  std::string_view transport;
  double request = 0;
  const StudyRun& run;

  double exchange() const { return request + kResponseHead + kBody; }
  double arithmetic() const { return request_head(kind) + response_head() + chunked_body(kText); }
  /// Exchanges to one client: of long polls those that brought an update, of polls all.
  double exchanges_a_client() const {
    const Pooled sum = pooled(run, transport);
    const std::uint64_t count = kind == "long" ? sum.useful() : sum.exchanges.asked;
    return static_cast<double>(count) / static_cast<double>(sum.users);
  }
};

void add_exchange(StudyFindings& findings, const Method& method) {
  const harness::ExchangeSizes ours = measured_exchange(method.run, method.transport);
  const auto bytes = StudyUnit::bytes;
  findings.rows.insert(
      findings.rows.end(),
      {{fmt::format("One {} that brings an update", method.name)},
       {"request head", bytes, method.request, request_head(method.kind), ours.request_head},
       {"response head", bytes, kResponseHead, response_head(), ours.response_head},
       {"body", bytes, kBody, chunked_body(kText), ours.response_body},
       {"all", bytes, method.exchange(), method.arithmetic(), ours.all()}});
}

/// What our own exchanges that bring an update come to, in the bytes that were measured of one.
StudyRow own_exchanges(const Method& method, double polls) {
  const double each = measured_exchange(method.run, method.transport).all();
  return {fmt::format("our exchanges at their own {:.0f} B", each),
          StudyUnit::bytes,
          {},
          {},
          polls * each};
}

void add_long_total(StudyFindings& findings, const Method& method) {
  const double polls = method.exchanges_a_client();
  findings.rows.insert(findings.rows.end(),
                       {{"Five updates to one client, by long polls"},
                        {"useful long polls", StudyUnit::count, kUpdates, kUpdates, polls},
                        {fmt::format("at {:.0f} B each", method.exchange()),
                         StudyUnit::bytes,
                         kLongTotal,
                         kUpdates * method.arithmetic(),
                         {}},
                        {fmt::format("our exchanges at {:.0f} B each", method.exchange()),
                         StudyUnit::bytes,
                         {},
                         {},
                         polls * method.exchange()},
                        own_exchanges(method, polls)});
}

void add_short_total(StudyFindings& findings, const Method& method) {
  const double polls = method.exchanges_a_client();
  const double recorded = std::floor(kShortPollsSeconds / kInterval + 0.5) + 1;
  const double ours = net::seconds(method.run.plan.schedule.duration) / kInterval;
  findings.rows.insert(
      findings.rows.end(),
      {{"Five updates to one client, by short polls"},
       {"as recorded, in 3.5 s", StudyUnit::count, kShortPolls, recorded, {}},
       {fmt::format("at {:.0f} B each", method.exchange()),
        StudyUnit::bytes,
        kShortPolls * kShortPoll,
        recorded * method.arithmetic(),
        {}},
       {"as run", StudyUnit::count, {}, ours, polls},
       {fmt::format("our exchanges at {:.0f} B each", method.exchange()),
        StudyUnit::bytes,
        {},
        ours * method.arithmetic(),
        polls * kShortPoll},
       {"with nothing new", StudyUnit::share, kShortPollsRepeated / kShortPolls, 1 - kInterval,
        pooled(method.run, method.transport).exchanges.empty_share()}});
}

/// All that our run sent and received, publishing included, to the byte.
void add_own_total(StudyFindings& findings, const Method& method) {
  const harness::Directions model = modelled_bytes(method.run, method.transport);
  findings.rows.push_back(
      {fmt::format("{}, {} clients", method.transport, method.run.plan.schedule.users()),
       StudyUnit::bytes,
       {},
       static_cast<double>(model.up + model.down),
       pooled(method.run, method.transport).application()});
}

std::string by_part(const Method& method) {
  const harness::ExchangeSizes ours = modelled_exchange(method.run, method.transport);
  return fmt::format(
      "{:+.0f} B in the request head, {:+.0f} B in the response head and {:+.0f} B "
      "in the body",
      ours.request_head - method.request, ours.response_head - kResponseHead,
      ours.response_body - kBody);
}

void add_words(StudyFindings& findings, const Method& long_poll, const Method& short_poll) {
  findings.words.push_back(fmt::format(
      "Where they differ: the recorded lines give the recorded sizes to the byte, and our five "
      "long "
      "polls at the study's size its total. Our own exchange differs by {} for a long poll, by {} "
      "for a short one. The request heads are alike because a cookie fills them up. Our response "
      "says what the body is, how long, and that it must not be stored, where Node said that it is "
      "chunked and that the connection stays; our body is JSON that says who and when around the "
      "39 "
      "bytes, where the study's has the 11 bytes of chunked encoding. The recorded page stopped "
      "polling when it had seen five values, the first of which was there before it asked; our run "
      "goes on for all of the 5 s.",
      by_part(long_poll), by_part(short_poll)));
  const harness::ByteModel model(short_poll.run.plan.scenario, short_poll.run.plan.headers);
  findings.words.push_back(fmt::format(
      "What it missed: its server has no answer for \"nothing new\", so the page paid {:.0f} bytes "
      "again for each of the {:.0f} polls that brought the old value; with a 204 such a response "
      "is "
      "{} bytes. It counts what the browser's tools show, which is HTTP. It ran over TLS, so each "
      "request and each response was 22 bytes longer in its record, and had 52 bytes of TCP/IP "
      "headers, and an acknowledgement of as much. And it asks for bytes only: what 250 ms of "
      "interval cost is 125 ms of delay in the mean, which a long poll does not have.",
      kResponseHead + kBody, kShortPollsRepeated, model.empty_answer(false)));
}

/// The cookies make our request heads as long as the recorded ones.
std::vector<StudyStep> steps(bool quick) {
  StudyStep long_polls{"long-polling", "studies/aquilio", {"long-polling"}, {}};
  StudyStep short_polls{"polling", "studies/aquilio", {"polling"}, {"http.cookie=65B"}};
  if (quick) {
    for (StudyStep* step : {&long_polls, &short_polls}) {
      step->overrides.emplace_back("users.count=2");
      step->overrides.emplace_back("run.warmup=100ms");
    }
  }
  return {long_polls, short_polls};
}

StudyFindings findings(const std::vector<StudyRun>& runs) {
  const Method long_poll{"long poll", "long", "long-polling", kLongRequest, runs[0]};
  const Method short_poll{"short poll", "short", "polling", kShortRequest, runs[1]};
  StudyFindings findings;
  add_exchange(findings, long_poll);
  add_exchange(findings, short_poll);
  add_long_total(findings, long_poll);
  add_short_total(findings, short_poll);
  findings.rows.push_back({"All our bytes, by the byte model and as counted"});
  add_own_total(findings, long_poll);
  add_own_total(findings, short_poll);
  add_words(findings, long_poll, short_poll);
  return findings;
}

}  // namespace

double request_head(std::string_view kind) {
  const std::string lines = fmt::format(
      "GET /{0}-poll-data HTTP/1.1\r\n"
      "Host: espirit.husker:8000\r\n"
      "Connection: keep-alive\r\n"
      "Pragma: no-cache\r\n"
      "Cache-Control: no-cache\r\n"
      "User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_12_6) AppleWebKit/537.36 (KHTML, like "
      "Gecko) Chrome/60.0.3112.113 Safari/537.36\r\n"
      "Accept: */*\r\n"
      "Referer: https://espirit.husker:8000/{0}-polling/\r\n"
      "Accept-Encoding: gzip, deflate, br\r\n"
      "Accept-Language: en-US,en;q=0.8\r\n"
      "Cookie: io=Mlz-B0JALT9Lg99MAAAC\r\n"
      "\r\n",
      kind);
  return static_cast<double>(lines.size());
}

double response_head() {
  constexpr std::string_view lines =
      "HTTP/1.1 200 OK\r\n"
      "Date: Mon, 28 Aug 2017 13:57:20 GMT\r\n"
      "Connection: keep-alive\r\n"
      "Transfer-Encoding: chunked\r\n"
      "\r\n";
  return static_cast<double>(lines.size());
}

double chunked_body(std::size_t text) {
  const std::string framing = fmt::format("{:x}\r\n\r\n0\r\n\r\n", text);
  return static_cast<double>(framing.size() + text);
}

Study study() {
  return {"aquilio",
          "Five updates: 2,930 B by long poll; 588 B a short poll",
          "Abril, aquil.io 2017",
          "github.com/Aquilio/09-23-17-real-time-methods",
          steps,
          findings};
}

}  // namespace pushbench::report::aquilio
