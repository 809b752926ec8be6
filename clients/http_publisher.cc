#include "clients/http_publisher.h"

#include <utility>

#include "clients/answered.h"

namespace pushbench::clients {

void HttpPublisher::publish(std::string target, const Draft& draft) {
  requests_.push_back({std::string(draft.id), std::move(target), wire::encode_draft(draft)});
  if (requests_.size() == 1) send_first();
}

void HttpPublisher::on_response(const wire::HttpMessage& response) {
  shared_.listener.on_exchange(client_, Ended::published);
  if (requests_.empty()) return;  // it has left meanwhile
  if (says_later(response)) return retry_.later(retry_after(response));
  lost_ = false;
  retry_.succeeded();
  requests_.pop_front();
  if (!requests_.empty()) send_first();
  // 201: it is stored; 200: it was already, by an attempt whose answer was lost; 202: as 201, and
  // nobody was there to hear it (nchan).
  if (response.status() >= 200 && response.status() <= 202) return;
  fail("publish " + answered(response));
}

void HttpPublisher::on_connection_lost(const std::string& reason) {
  retry_.later();
  if (!std::exchange(lost_, true)) shared_.listener.on_disconnected(client_, reason);
}

void HttpPublisher::on_unreadable(const std::string& what) {
  requests_.clear();  // a later draft must not overtake the one that this was to answer
  fail(what);
}

void HttpPublisher::fail(const std::string& what) {
  shared_.listener.on_failure(client_, {shared_.server.text(), what});
}

void HttpPublisher::leave() {
  retry_.cancel();
  connection_.close();
  requests_.clear();
}

void HttpPublisher::cut() {
  if (!connection_.open()) return;
  connection_.close();
  if (!requests_.empty()) retry_.later();
}

std::vector<std::string> HttpPublisher::drafts_under_way() const {
  std::vector<std::string> ids;
  for (const Request& request : requests_) ids.push_back(request.id);
  return ids;
}

}  // namespace pushbench::clients
