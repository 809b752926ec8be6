#include <gtest/gtest.h>

#include <string>

#include "tests/support/http_reading.h"
#include "wire/http.h"
#include "wire/target.h"

namespace pushbench::wire {
namespace {

using test::expect_http;

TEST(HttpHost, IsNeededInHttp11) {
  expect_http("GET / HTTP/1.1\r\nX-Other: b\r\n\r\n", {"error 400"});
  expect_http("GET http://a/ HTTP/1.1\r\n\r\n", {"error 400"});
  expect_http("GET / HTTP/1.0\r\nX-Other: b\r\n\r\n", {"GET / X-Other=b 1.0 close []"});
}

TEST(HttpHost, IsThereOnce) {
  for (const char* version : {"1.0", "1.1"}) {
    for (const char* second : {"a", "b", ""}) {
      expect_http(fmt::format("GET / HTTP/{}\r\nHost: a\r\nX-Other: b\r\nhost: {}\r\n\r\n", version,
                              second),
                  {"error 400"});
    }
  }
}

TEST(HttpHost, IsANameOrAddressPerhapsWithAPort) {
  for (const char* host : {"b", "b:8080", "B.example.", "127.0.0.1", "127.0.0.1:80", "[::1]",
                           "[::1]:8080", "[::ffff:1.2.3.4]", "b_c-d", "b%20c", "b:"}) {
    expect_http(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", host),
                {fmt::format("GET / Host={} []", host)});
  }
}

TEST(HttpHost, MayBeEmptyWhereTheTargetHasNone) {
  expect_http("GET / HTTP/1.1\r\nHost:\r\n\r\n", {"GET / Host= []"});
}

TEST(HttpHost, ThatIsNoneIsRefused) {
  for (const char* host : {"b c",  "b/c", "b@c",  "b:c", "b:80:80", ":80",       "b\tc",
                           "[::1", "[]",  "[:]",  "::1", "[b]",     "[::1]x",    "[::1]80",
                           "b?",   "b#c", "b\\c", "<b>", "\"b\"",   "b\xC3\xA4", "http://b"}) {
    SCOPED_TRACE(host);
    expect_http(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", host), {"error 400"});
  }
}

TEST(HttpHost, OfAResponseIsNobodysBusiness) {
  expect_http("HTTP/1.1 204 \r\nHost: b c\r\nHost: d\r\n\r\n", {"204 Host=b c []"},
              {.kind = HttpParser::Kind::responses});
}

TEST(HttpTargets, OfEveryFormTheMethodMayHaveAreTaken) {
  const auto expect_taken = [](std::string_view method, std::string_view target) {
    expect_http(fmt::format("{} {} HTTP/1.1\r\nHost: a\r\n\r\n", method, target),
                {fmt::format("{} {}{} []", method, target, method == "CONNECT" ? " upgrade" : "")});
  };
  expect_taken("GET", "/");
  expect_taken("GET", "//x?y=http://z");
  expect_taken("GET", "http://b");
  expect_taken("GET", "http://b:80/rooms/r?x=y");
  expect_taken("GET", "HTTPS://[::1]/rooms");
  expect_taken("OPTIONS", "*");
  expect_taken("CONNECT", "b:80");
  expect_taken("CONNECT", "[::1]:80");
}

TEST(HttpTargets, OfOtherFormsAreRefused) {
  for (const char* request :
       {"GET *",           "GET b",           "GET b:80",          "GET ftp://b/",
        "GET http:/b",     "GET http://",     "GET http:///c",     "GET http://?c",
        "GET http://:80/", "GET http://u@b/", "GET http://u:p@b/", "GET http://b:c/",
        "GET /#f",         "GET /c#f",        "GET http://b/#f",   "GET ?c",
        "OPTIONS **",      "CONNECT /",       "CONNECT http://b/", "CONNECT *",
        "CONNECT b",       "CONNECT b:",      "CONNECT [::1]"}) {
    SCOPED_TRACE(request);
    expect_http(std::string(request) + " HTTP/1.1\r\nHost: a\r\n\r\n", {"error 400"});
  }
}

TEST(Targets, InAbsoluteFormAreSplitWithoutTheirHost) {
  const auto expect_split = [](std::string_view target, std::string_view path,
                               std::string_view query) {
    EXPECT_EQ(split_target(target).path, path) << target;
    EXPECT_EQ(split_target(target).query, query) << target;
  };
  expect_split("http://b/rooms/r?after=1", "/rooms/r", "after=1");
  expect_split("HTTP://b:80/rooms", "/rooms", "");
  expect_split("https://[::1]:80/?a?b", "/", "a?b");
  expect_split("http://b", "/", "");
  expect_split("http://b?a=/c", "/", "a=/c");
  expect_split("/http://b/?a", "/http://b/", "a");
  expect_split("/?http://b/", "/", "http://b/");
  expect_split("*", "*", "");
  expect_split("", "", "");
}

}  // namespace
}  // namespace pushbench::wire
