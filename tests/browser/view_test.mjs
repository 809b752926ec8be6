// The timeline in a real browser, on made events.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/view_test.mjs

import assert from 'node:assert/strict';
import { closed, opened, test } from './view.mjs';

async function withTimeline(options = {}) {
  const page = await opened(options);
  await page.evaluate(() => {
    window.clock = 10_000;
    window.line = new Lines.Timeline(document.getElementById('place'), {
      words: Words.viewWords.en.timeline,
      label: 'polling',
      now: () => clock,
    });
  });
  return page;
}

const SHAPES = '.timeline-picture > svg > g > *';
const add = (page, ...events) =>
  page.evaluate(
    (made) =>
      made.forEach((event) =>
        line.add({
          exchange: 1,
          head: '',
          body: '',
          messages: 0,
          ...event,
        }),
      ),
    events,
  );
const shapesAre = (page, count) =>
  page.waitForFunction(
    ([selector, wanted]) => document.querySelectorAll(selector).length === wanted,
    [SHAPES, count],
  );
const passes = (page, ms) => page.evaluate((more) => (clock += more), ms);
const moved = (page) => page.locator('.timeline-picture > svg > g').getAttribute('transform');

test('polls, held requests, events and frames are drawn as they happen, and hollow without a message', async () => {
  const page = await withTimeline();
  await add(
    page,
    { is: 'request', at: 9000, purpose: 'poll' },
    { is: 'answer', at: 9010, purpose: 'poll', status: 204 },
    { is: 'request', at: 9100, exchange: 2, purpose: 'poll' },
  );
  await shapesAre(page, 2);
  await add(page, {
    is: 'answer',
    at: 9110,
    exchange: 2,
    purpose: 'poll',
    status: 200,
    messages: 1,
  });
  await shapesAre(page, 3); // with the mark of its messages
  const fills = await page
    .locator(SHAPES)
    .evaluateAll((shapes) => shapes.map((shape) => shape.getAttribute('fill')));
  assert.deepEqual(fills, ['var(--ground)', 'currentColor', 'currentColor']);
  const width = () =>
    page
      .locator(SHAPES)
      .last()
      .evaluate((shape) => shape.getBoundingClientRect().width);
  await add(page, { is: 'request', at: 10_000, exchange: 3, purpose: 'long-poll' });
  await shapesAre(page, 4);
  await passes(page, 5000);
  await page.waitForFunction(
    (selector) =>
      [...document.querySelectorAll(selector)].at(-1).getBoundingClientRect().width > 100,
    SHAPES,
  );
  assert.ok((await width()) < 300);
  await add(
    page,
    { is: 'event', at: 15_000, messages: 1 },
    { is: 'frame', at: 15_000, direction: 'up' },
  );
  await shapesAre(page, 6);
  await closed(page);
});

test('what has scrolled away is gone, and the summary says so', async () => {
  const page = await withTimeline();
  await add(page, { is: 'event', at: 10_000, messages: 1 });
  await shapesAre(page, 1);
  const before = await moved(page);
  await passes(page, 6000);
  await page
    .locator('.timeline-summary', { hasText: 'The last 20 seconds: 1 event.' })
    .waitFor({ state: 'attached' });
  assert.notEqual(await moved(page), before);
  await passes(page, 15_000);
  await shapesAre(page, 0);
  await page
    .locator('.timeline-summary', { hasText: 'nothing passed' })
    .waitFor({ state: 'attached' });
  await closed(page);
});

/** Two frames of the page have passed. */
const twoFrames = (page) =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );

test('a hidden tab draws nothing, and catches up when it is seen', async () => {
  const page = await withTimeline();
  const seen = (hidden) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await seen(true);
  await add(
    page,
    { is: 'event', at: 10_000, messages: 1 },
    { is: 'event', at: 10_001, messages: 1 },
  );
  await twoFrames(page);
  assert.equal(await page.locator(SHAPES).count(), 0);
  await seen(false);
  await shapesAre(page, 2);
  await closed(page);
});

test('where less motion is asked for it goes on in steps', async () => {
  const page = await withTimeline({ reducedMotion: 'reduce' });
  const before = await moved(page);
  await add(page, { is: 'event', at: 10_000, messages: 1 });
  await passes(page, 1500); // of its clock; a step is a second of the real one
  await twoFrames(page);
  assert.equal(await page.locator(SHAPES).count(), 0);
  await shapesAre(page, 1);
  assert.notEqual(await moved(page), before);
  await closed(page);
});

test('the legend names each shape', async () => {
  const page = await withTimeline();
  const words = await page.locator('.timeline-legend li').allTextContents();
  assert.equal(words.length, 9);
  assert.equal(new Set(words).size, 9);
  assert.equal(await page.locator('.timeline-legend svg').count(), 9);
  await closed(page);
});
