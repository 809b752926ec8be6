#include "report/studies/own_bytes.h"

#include <cmath>
#include <map>

namespace pushbench::report {

namespace {

double number(std::uint64_t value) { return static_cast<double>(value); }

std::uint64_t whole(double value) { return static_cast<std::uint64_t>(std::llround(value)); }

harness::ByteModel model_of(const StudyRun& run) { return {run.plan.scenario, run.plan.headers}; }

std::size_t first_message(const StudyRun& run) {
  const harness::Say& say = run.plan.schedule.says.front();
  return harness::ByteModel::message(say.user, 0, say.bytes, 1);
}

std::size_t head_of(const harness::ByteModel& model, std::size_t batch) {
  return model.answer(batch, false) - batch;
}

/// The responses' bytes that are neither a batch nor the head of one that brings one message.
double other_responses(const StudyRun& run, std::string_view transport, const Pooled& sum) {
  const harness::ByteModel model = model_of(run);
  const std::size_t one = harness::ByteModel::batch(1, first_message(run));
  const std::size_t two = harness::ByteModel::batch(2, 2 * first_message(run));
  const auto twos = number(sum.messages.delivered - sum.useful());
  const double longer = twos * number(head_of(model, two) - head_of(model, one));
  // A poll learns the epoch before the measured time, a long poll with its first message.
  const auto first = number(transport == "polling" ? 0 : sum.users);
  const double epochs = first * number(model.answer(one, true) - model.answer(one, false));
  return longer + epochs + number(sum.exchanges.empty * model.empty_answer(false)) +
         number(modelled_posts(run).down * sum.repetitions);
}

}  // namespace

harness::Directions modelled_posts(const StudyRun& run) {
  const harness::ByteModel model = model_of(run);
  harness::Directions sum;
  std::map<std::uint32_t, wire::Seq> last;
  for (std::size_t i = 0; i < run.plan.schedule.says.size(); ++i) {
    const harness::Say& say = run.plan.schedule.says[i];
    const std::uint32_t room = run.plan.schedule.room_of(say.user);
    sum.up += model.post(room, harness::ByteModel::draft(say.user, i, say.bytes));
    sum.down += model.post_answer(++last[room]);
  }
  return sum;
}

double modelled_batches(const StudyRun& run, std::uint64_t repetitions, std::uint64_t batches) {
  const harness::Schedule& schedule = run.plan.schedule;
  std::map<std::uint32_t, wire::Seq> last;
  std::uint64_t messages = 0;
  std::uint64_t deliveries = 0;
  for (std::size_t i = 0; i < schedule.says.size(); ++i) {
    const harness::Say& say = schedule.says[i];
    const std::uint32_t room = schedule.room_of(say.user);
    const std::uint64_t receivers = schedule.users_in(room);
    messages += receivers * harness::ByteModel::message(say.user, i, say.bytes, ++last[room]);
    deliveries += receivers;
  }
  const double brackets = 2 * number(batches);
  const double commas = number(deliveries * repetitions) - number(batches);
  return number(messages * repetitions) + brackets + commas;
}

harness::ExchangeSizes modelled_exchange(const StudyRun& run, std::string_view transport) {
  const harness::ByteModel model = model_of(run);
  const std::size_t batch = harness::ByteModel::batch(1, first_message(run));
  const std::size_t request =
      transport == "polling" ? model.poll(0, 1, false) : model.long_poll(0, 1, false);
  return {number(request), 0, number(head_of(model, batch)), number(batch)};
}

harness::ExchangeSizes measured_exchange(const StudyRun& run, std::string_view transport) {
  const Pooled sum = pooled(run, transport);
  const auto useful = number(sum.useful());
  const double batches = modelled_batches(run, sum.repetitions, sum.useful());
  const double posts = number(modelled_posts(run).up * sum.repetitions);
  const double heads =
      number(sum.bytes.application.down) - batches - other_responses(run, transport, sum);
  return {(number(sum.bytes.application.up) - posts) / number(sum.exchanges.asked), 0,
          heads / useful, batches / useful};
}

harness::Directions modelled_bytes(const StudyRun& run, std::string_view transport) {
  const Pooled sum = pooled(run, transport);
  const harness::ExchangeSizes one = modelled_exchange(run, transport);
  const double up = number(sum.exchanges.asked) * one.request_head +
                    number(modelled_posts(run).up * sum.repetitions);
  const double down = number(sum.useful()) * one.response_head +
                      modelled_batches(run, sum.repetitions, sum.useful()) +
                      other_responses(run, transport, sum);
  return {whole(up), whole(down)};
}

double measured_frame_header(const StudyRun& run) {
  const Pooled sum = pooled(run, "websocket");
  const double upgrades = number(sum.users * harness::ByteModel::upgrade_answer());
  const double batches = modelled_batches(run, sum.repetitions, sum.messages.delivered);
  return (number(sum.bytes.application.down) - upgrades - batches) / number(sum.messages.delivered);
}

}  // namespace pushbench::report
