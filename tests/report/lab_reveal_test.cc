#include "report/lab_reveal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "made_lab.h"
#include "report/columns.h"
#include "report/lab_page.h"

namespace pushbench::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

LabPrediction prediction() {
  return {"2026-01-31T12:00:00Z", false, {{"wait", "500 ms"}, {"factor", "9"}}};
}

void expect_80_columns(const std::string& text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    EXPECT_LE(columns(rest.substr(0, end)), 80u) << rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

TEST(LabReveal, HasPredictionTheoryAndMeasurementOfEachQuestion) {
  const MadeLab made;
  const LabPrediction said = prediction();
  const Reveal reveal = reveal_lab(made.lab(), made.honest(), &said, Language::en);
  ASSERT_EQ(reveal.questions.size(), 3u);
  const RevealedQuestion& wait = reveal.questions[0];
  EXPECT_EQ(wait.predicted, 500'000);
  EXPECT_NEAR(*wait.median(), 250'000, 300);
  EXPECT_NEAR(wait.measured->low, 245'000, 300);
  EXPECT_NEAR(wait.measured->high, 255'000, 300);
  EXPECT_NEAR(*wait.theory, 0.99 * 245'000, 1);
  EXPECT_EQ(reveal.questions[1].predicted, std::nullopt);
  EXPECT_NEAR(*reveal.questions[1].median(), 0.8, 1e-9);
  EXPECT_NEAR(*reveal.questions[2].median(), 10, 0.01);
  EXPECT_NEAR(*reveal.questions[2].theory, 10, 1e-9);
  EXPECT_DOUBLE_EQ(scale_of(wait), 500'000);
}

TEST(LabReveal, PrintsATableBarsAndHowFarOff) {
  const MadeLab made;
  const LabPrediction said = prediction();
  Reveal reveal = reveal_lab(made.lab(), made.honest(), &said, Language::en);
  reveal.sources = {"slow: measured on this machine, 2026"};
  const std::string text = reveal_text(reveal);
  expect_80_columns(text);
  EXPECT_THAT(text, AllOf(HasSubstr("Lab 7. Polling <often>\n"), HasSubstr("slow: measured on"),
                          HasSubstr("1. How long?\n"), HasSubstr("1 wait "),
                          HasSubstr("predicted  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  500 ms\n"),
                          HasSubstr("measured   ████████████████  250 ms\n"),
                          HasSubstr("Your prediction: about twice what was measured. Theory: "
                                    "within 10 % of what"),
                          HasSubstr("You did not predict this one."), HasSubstr("least–most")));
  reveal.language = Language::ru;
  const std::string russian = reveal_text(reveal);
  expect_80_columns(russian);
  EXPECT_THAT(russian, AllOf(HasSubstr("Лабораторная 7. Опрос"), HasSubstr("250 мс"),
                             HasSubstr("Ваш прогноз: примерно вдвое больше измеренного.")));
}

TEST(LabReveal, SaysWhichPredictionIsNone) {
  const MadeLab made;
  LabPrediction said = prediction();
  said.after_reveal = true;
  const LabResults results = made.honest();
  EXPECT_THAT(prediction_line(reveal_lab(made.lab(), results, &said, Language::en)),
              HasSubstr("it is no prediction"));
  EXPECT_EQ(prediction_line(reveal_lab(made.lab(), results, nullptr, Language::en)),
            "There is no prediction.");
}

TEST(LabPage, IsWholeWithoutAScriptAndInTheLanguage) {
  const MadeLab made;
  const LabPrediction said = prediction();
  const Reveal reveal = reveal_lab(made.lab(), made.honest(), &said, Language::ru);
  Reveal english = reveal;
  english.language = Language::en;
  const std::string page = lab_page(english);
  EXPECT_THAT(page, AllOf(HasSubstr("<html lang=\"en\">"), HasSubstr("Polling &lt;often&gt;"),
                          HasSubstr("width:50.0"), HasSubstr("class=\"whisker\""),
                          HasSubstr("prefers-color-scheme"), Not(HasSubstr("<script"))));
  EXPECT_THAT(lab_page(reveal), AllOf(HasSubstr("<html lang=\"ru\">"), HasSubstr("Как долго?")));
}

TEST(LabWords, SayHowFarOffInWords) {
  const auto far = [](double value, double measured) {
    return distance_text(value, measured, Language::en);
  };
  EXPECT_EQ(far(5, 5), "exactly what was measured");
  EXPECT_EQ(far(101, 100), "within 1 % of what was measured");
  EXPECT_EQ(far(99, 100), "within 1 % of what was measured");
  EXPECT_EQ(far(102, 100), "within 10 % of what was measured");
  EXPECT_EQ(far(110, 100), "within 10 % of what was measured");
  EXPECT_EQ(far(90, 100), "within 10 % of what was measured");
  EXPECT_EQ(far(123, 100), "23 % above what was measured");
  EXPECT_EQ(far(60, 100), "40 % below what was measured");
  EXPECT_EQ(far(200, 100), "about twice what was measured");
  EXPECT_EQ(far(50, 100), "about half of what was measured");
  EXPECT_EQ(far(340, 100), "too large by a factor of 3.4");
  EXPECT_EQ(far(1, 34), "too small by a factor of 34");
  EXPECT_EQ(far(1, 0), "above 0, and 0 was measured");
  EXPECT_EQ(far(0, 1), "0, and more than that was measured");
  const auto russian = [](double value) { return distance_text(value, 1, Language::ru); };
  EXPECT_EQ(russian(3.4), "в 3,4 раза больше измеренного");
  EXPECT_EQ(russian(12), "в 12 раз больше измеренного");
  EXPECT_EQ(russian(21), "в 21 раз больше измеренного");
  EXPECT_EQ(russian(11), "в 11 раз больше измеренного");
  EXPECT_EQ(russian(112), "в 112 раз больше измеренного");
  EXPECT_EQ(russian(32), "в 32 раза больше измеренного");
  EXPECT_EQ(russian(1.0 / 15), "в 15 раз меньше измеренного");
  // More digits than any integer has: who answers in the wrong unit is told so all the same.
  const double huge = std::ldexp(1, 70);
  EXPECT_EQ(far(huge, 1), "too large by a factor of 1180591620717411303424");
  EXPECT_EQ(far(1, huge), "too small by a factor of 1180591620717411303424");
  EXPECT_EQ(russian(huge), "в 1180591620717411303424 раза больше измеренного");
}

TEST(LabWords, ShowFiguresInBothLanguages) {
  const auto russian = [](const harness::Dimension& dimension, double value) {
    return quantity_text(dimension, value, Language::ru);
  };
  EXPECT_EQ(quantity_text({1, 0}, 50'200, Language::en), "50.2 ms");
  EXPECT_EQ(russian({1, 0}, 50'200), "50,2 мс");
  EXPECT_EQ(russian({1, 0}, 12), "12,0 мкс");
  EXPECT_EQ(russian({1, 0}, 1.5e6), "1,50 с");
  EXPECT_EQ(russian({0, 1}, 478), "478 Б");
  EXPECT_EQ(russian({0, 0, true}, 0.135), "13,5 %");
  EXPECT_EQ(russian({-1, 0}, 5e-6), "5,00/с");
  EXPECT_EQ(russian({-1, 1}, 100e-6), "100 Б/с");
  EXPECT_EQ(russian({}, 2.5), "2,50");
}

TEST(LabWords, AreInTheLanguageOfTheLocale) {
  EXPECT_EQ(language_of_locale("ru_RU.UTF-8"), Language::ru);
  EXPECT_EQ(language_of_locale("ru"), Language::ru);
  EXPECT_EQ(language_of_locale("run"), Language::en);
  EXPECT_EQ(language_of_locale("C.UTF-8"), Language::en);
  EXPECT_EQ(language_named("ru"), Language::ru);
  EXPECT_EQ(language_named("de"), std::nullopt);
}

TEST(LabWords, HaveAllOfThemTheSamePlaces) {
  const auto places = [](std::string_view text) {
    return std::count(text.begin(), text.end(), '{');
  };
  for (int i = 0; i < static_cast<int>(LabWord::count_of_them); ++i) {
    const auto word = static_cast<LabWord>(i);
    const std::string_view en = text_of(word, Language::en);
    const std::string_view ru = text_of(word, Language::ru);
    EXPECT_FALSE(en.empty() || ru.empty()) << i;
    const bool counts = word == LabWord::times_more || word == LabWord::times_less;
    EXPECT_EQ(places(en) + (counts ? 1 : 0), places(ru)) << en;
  }
}

TEST(LabPrediction, IsReadAsItWasWritten) {
  const MadeLab made;
  const LabPrediction said = prediction();
  const std::string json = to_json(said, 7);
  const auto read = parse_prediction(json, "p.json", made.lab());
  ASSERT_TRUE(read) << read.error().line();
  EXPECT_EQ(to_json(*read, 7), json);
  EXPECT_EQ(read->answer(*made.lab().question("wait")), 500'000);
  EXPECT_EQ(read->answer(*made.lab().question("empty")), std::nullopt);
  EXPECT_EQ(*take_answer(*made.lab().question("wait"), " 250 "), "250 ms");
  EXPECT_EQ(*take_answer(*made.lab().question("wait"), "0,25 с"), "0,25 с");
  EXPECT_FALSE(take_answer(*made.lab().question("wait"), "12 B"));
}

TEST(LabPrediction, SaysWhatIsWrongWithItsFile) {
  const MadeLab made;
  const auto complaint = [&](const std::string& from, const std::string& to) {
    std::string json = to_json(prediction(), 7);
    json.replace(json.find(from), from.size(), to);
    const auto read = parse_prediction(json, "p.json", made.lab());
    return read ? "none" : read.error().line();
  };
  EXPECT_THAT(complaint("500 ms", "soon"), AllOf(HasSubstr("p.json"), HasSubstr("/answers/wait")));
  EXPECT_THAT(complaint("\"lab\": 7", "\"lab\": 8"), HasSubstr("this is lab 7"));
  EXPECT_THAT(complaint("prediction/1", "prediction/2"), HasSubstr("/schema"));
  EXPECT_THAT(complaint("}", ""), HasSubstr("not JSON"));
}

}  // namespace
}  // namespace pushbench::report
