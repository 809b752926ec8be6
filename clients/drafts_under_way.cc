#include "clients/drafts_under_way.h"

#include <algorithm>
#include <utility>

namespace pushbench::clients {

DraftsUnderWay::Kept& DraftsUnderWay::add(const wire::Draft& draft, std::string text) {
  drafts_.push_back({std::string(draft.from), std::string(draft.id), std::move(text)});
  return drafts_.back();
}

void DraftsUnderWay::on_received(const wire::Message& message) {
  const auto echoed = std::find_if(drafts_.begin(), drafts_.end(), [&](const Kept& draft) {
    return draft.id == message.id && draft.from == message.from;
  });
  if (echoed != drafts_.end()) drafts_.erase(echoed);
}

void DraftsUnderWay::drop_sent() {
  std::erase_if(drafts_, [](const Kept& draft) { return draft.sent; });
}

std::vector<std::string> DraftsUnderWay::ids() const {
  std::vector<std::string> ids;
  for (const Kept& draft : drafts_) ids.push_back(draft.id);
  return ids;
}

}  // namespace pushbench::clients
