#include "harness/floor.h"

#include <algorithm>
#include <utility>

#include "clients/registry.h"

namespace pushbench::harness {

namespace {

constexpr std::chrono::seconds kLongest{10};
constexpr std::chrono::milliseconds kWarmup{50};
constexpr std::chrono::milliseconds kTick{200};

LoadPlan null_plan(const LoadPlan& plan) {
  LoadPlan null;
  null.transports = {std::string(clients::kNullTransport)};
  null.warmup = kWarmup;
  null.drain = plan.drain;
  return null;
}

template <class Item>
void drop_late(std::vector<Item>& items, net::Duration end) {
  std::erase_if(items, [end](const Item& item) { return item.due >= end; });
}

}  // namespace

Schedule first_part(const Schedule& schedule, net::Duration limit) {
  Schedule part = schedule;
  part.duration = std::min(schedule.duration, limit);
  drop_late(part.says, part.duration);
  drop_late(part.cuts, part.duration);
  std::erase_if(part.stays, [&](const Stay& stay) { return stay.from >= part.duration; });
  return part;
}

net::Duration floor_time(const Schedule& schedule) {
  return kWarmup + std::min<net::Duration>(schedule.duration, kLongest);
}

FloorRun::FloorRun(const LoadPlan& plan, const Schedule& schedule, ProgressListener& listener)
    : schedule_(first_part(schedule, kLongest)),
      listener_(listener),
      load_(loop_, net::Address(), schedule_, null_plan(plan), *this),
      tick_(loop_, net::Callback::to<&FloorRun::on_tick>(this)) {}

std::optional<Floor> FloorRun::run() {
  if (schedule_.says.empty()) return std::nullopt;
  load_.start();
  tick_.start_in(kTick);
  loop_.run();
  if (interrupted_) return std::nullopt;
  Repetition repetition;
  load_.fill(repetition);
  const std::uint64_t delivered = repetition.messages.delivered;
  if (delivered == 0) return std::nullopt;
  Floor floor;
  floor.duration_s = repetition.duration_s;
  floor.delivered = delivered;
  floor.cpu_us_per_delivery =
      static_cast<double>(repetition.threads.front().cpu_us) / static_cast<double>(delivered);
  floor.delivery_latency = std::move(repetition.delivery_latency);
  floor.lateness = std::move(repetition.lateness);
  return floor;
}

void FloorRun::on_tick() {
  if (!listener_.interrupted()) return tick_.start_in(kTick);
  interrupted_ = true;
  load_.stop("interrupted");
}

}  // namespace pushbench::harness
