// The timeline and the wire pane in a real browser, on made events.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/view_test.mjs

import assert from 'node:assert/strict';
import { after, before, test as plainTest } from 'node:test';
import { GUARD_MS } from '../conformance/serve.mjs';
import { launch } from './browser.mjs';
import { scriptOf, styleOf } from './library.mjs';

const test = (name, body) => plainTest(name, { timeout: 6 * GUARD_MS }, body);
const AWKWARD =
  '</pre><img src=x onerror="document.title=\'injected\'"><script>document.title="injected"</script>';

let browser;
let scripts;
let style;
before(
  async () => {
    const files = [
      ['timeline', 'Lines'],
      ['wire_pane', 'Panes'],
      ['words', 'Words'],
    ];
    scripts = await Promise.all(files.map(([file, name]) => scriptOf(`view/${file}.ts`, name)));
    style = `${await styleOf('view/view.css')}\n#place { width: 900px; }`;
    browser = await launch();
  },
  { timeout: 10 * GUARD_MS },
);
after(() => browser?.close());

/** A page with the parts in it, and what it complained of. */
async function opened(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1300, height: 700 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(2 * GUARD_MS);
  page.complaints = [];
  page.on(
    'console',
    (message) => message.type() === 'error' && page.complaints.push(message.text()),
  );
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  await page.setContent(
    `<!doctype html><title>view</title><style>${style}</style><div id="place"></div>`,
  );
  for (const content of scripts) await page.addScriptTag({ content });
  return page;
}

async function closed(page) {
  assert.equal(await page.title(), 'view');
  assert.equal(await page.locator('img, #place script').count(), 0);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
}

async function withPane(options = {}) {
  const page = await opened(options);
  await page.evaluate(() => {
    window.pane = new Panes.WirePane(document.getElementById('place'), {
      words: Words.viewWords.en.wire,
      keep: 5,
    });
  });
  return page;
}

/** Shows events; a header comes as an array of bytes. Until one of them is there in the detail. */
async function show(page, events, until) {
  await page.evaluate((made) => {
    for (const event of made) {
      pane.show(event.header ? { ...event, header: Uint8Array.from(event.header) } : event);
    }
  }, events);
  if (until) await page.locator('.wire-detail', { hasText: until }).waitFor();
}

const bytesOf = (hex) => hex.split(' ').map((digits) => parseInt(digits, 16));
const frame = (hex, body, more = {}) => ({
  is: 'frame',
  at: 1,
  exchange: 1,
  direction: bytesOf(hex)[1] & 0x80 ? 'up' : 'down',
  header: bytesOf(hex),
  body,
  messages: 1,
  size: { head: bytesOf(hex).length, body: body.length },
  ...more,
});
const poll = (exchange, body, more = {}) => [
  {
    is: 'request',
    at: 1,
    exchange,
    purpose: 'poll',
    head: 'GET /rooms/r/poll?after=k.1 HTTP/1.1\r\nHost: a\r\n\r\n',
    body: '',
  },
  {
    is: 'answer',
    at: 2,
    exchange,
    purpose: 'poll',
    status: 200,
    head: 'HTTP/1.1 200 OK\r\ndate: today\r\n\r\n',
    body,
    messages: 1,
    up: { head: 52, body: 0 },
    down: { head: 31, body: body.length },
    source: 'byte-model',
    ...more,
  },
];

const FORMS = [
  ['81 05', '5 bytes of payload', 'not masked'],
  ['81 85 00 00 00 00', '5 bytes of payload', 'masked, as all that a browser sends'],
  ['81 7e 00 7e', '126 bytes of payload', 'not masked'],
  ['81 fe 01 00 00 00 00 00', '256 bytes of payload', 'masked, as'],
  ['82 7f 00 00 00 00 00 01 00 00', '65,536 bytes of payload', 'binary frame'],
  [
    'c1 ff 00 00 00 00 00 01 00 00 0a 0b 0c 0d',
    '65,536 bytes of payload',
    'compressed (permessage-deflate)',
  ],
  ['08 02', '2 bytes of payload', 'more frames of the message follow'],
];

for (const [width, bits] of [
  [1200, 32],
  [600, 16],
]) {
  test(`each form of a frame header, ${bits} bits in a row`, async () => {
    const page = await withPane();
    await page.locator('#place').evaluate((place, px) => (place.style.width = `${px}px`), width);
    for (const [i, [hex, ...words]] of FORMS.entries()) {
      await show(page, [frame(hex, `body ${i}`)], `body ${i}`);
      const seen = await page.locator('.wire-detail').evaluate((detail) => {
        const text = (selector) =>
          [...detail.querySelectorAll(selector)].map(({ textContent }) => textContent);
        return {
          figure: text('.frame-bits').join(''),
          table: text('.frame-fields tbody code').join('').replaceAll(' ', ''),
          hex: text('.frame-hex').join(' '),
          columns: detail.querySelectorAll('.frame-number').length,
          meanings: text('.frame-fields tbody td').join('; '),
        };
      });
      const all = bytesOf(hex)
        .map((byte) => byte.toString(2).padStart(8, '0'))
        .join('');
      assert.equal(seen.figure, all, hex);
      assert.equal(seen.table, all, hex);
      assert.equal(seen.hex, hex);
      assert.equal(seen.columns, bits);
      for (const word of words) assert.ok(seen.meanings.includes(word), `${hex}: ${seen.meanings}`);
    }
    await closed(page);
  });
}

test('head and body are told apart, by words and sizes too', async () => {
  const page = await withPane();
  await show(page, poll(1, '[{"seq":2}]'), '[{"seq":2}]');
  const text = (selector) => page.locator(`.wire-detail ${selector}`).allTextContents();
  assert.deepEqual(await text('h3'), ['Request', 'Response']);
  assert.deepEqual(await text('.wire-labels li'), [
    'head: 52 bytes',
    'head: 31 bytes',
    'body: 11 bytes',
  ]);
  assert.deepEqual(await text('.wire-text .wire-head'), [
    'GET /rooms/r/poll?after=k.1 HTTP/1.1',
    'Host: a',
    'HTTP/1.1 200 OK',
    'date: today',
  ]);
  assert.deepEqual(await text('.wire-text .wire-body'), ['[{"seq":2}]']);
  assert.equal((await text('.wire-end')).join(''), '\\r\\n'.repeat(6));
  assert.deepEqual(await text('.wire-line.wire-modelled .wire-head'), ['Host: a']);
  assert.match((await text('.wire-note')).join(' '), /byte model/);
  await closed(page);
});

test('no body or head becomes markup, and a long body is cut', async () => {
  const page = await withPane();
  await show(page, poll(1, AWKWARD), 'onerror');
  await show(
    page,
    [
      {
        is: 'event',
        at: 3,
        exchange: 2,
        head: `id: ${AWKWARD}\ndata: `,
        body: AWKWARD,
        messages: 1,
        down: { head: 9, body: 9 },
        source: 'byte-model',
      },
    ],
    'Event <',
  );
  await show(page, [frame('81 05', AWKWARD)], 'text frame');
  assert.equal(await page.locator('.wire-text .wire-body').textContent(), AWKWARD);
  await show(page, poll(2, 'ы'.repeat(4000)), '… and 5,000 bytes more');
  assert.equal((await page.locator('.wire-text .wire-body').textContent()).length, 1500);
  await closed(page);
});

test('a held request says that it waits until its answer is there', async () => {
  const page = await withPane();
  const [asked, answered] = poll(1, '[]');
  await show(page, [asked], 'No answer yet: it waits.');
  await show(page, [answered], '200 OK');
  assert.equal(await page.locator('.wire-entry').count(), 1);
  await show(
    page,
    [poll(2, '')[0], { ...answered, exchange: 2, status: 0, head: '', body: '' }],
    'No answer came.',
  );
  await closed(page);
});

test('the last ones can be picked from, by the keyboard', async () => {
  const page = await withPane();
  await show(
    page,
    [1, 2, 3, 4, 5, 6].map((i) => frame('81 05', `body ${i}`)),
    'body 6',
  );
  assert.equal(await page.locator('.wire-entry').count(), 5);
  const shown = (words) => page.locator('.wire-text', { hasText: words }).waitFor();
  await page.keyboard.press('Tab'); // into the list, to the newest
  await page.keyboard.press('ArrowDown');
  await shown('body 5');
  assert.equal(await page.locator('.wire-follow input').isChecked(), false);
  await show(page, [frame('81 05', 'body 7')]);
  await page.locator('.wire-newer', { hasText: '1 newer' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await shown('body 4');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space'); // follow again
  await shown('body 7');
  await closed(page);
});

test('a pane that nobody sees is drawn when it is seen', async () => {
  const page = await withPane();
  await page.locator('#place').evaluate((place) => (place.hidden = true));
  await show(page, [frame('81 05', 'unseen')]);
  await page.locator('#place').evaluate((place) => (place.hidden = false));
  await page.locator('.wire-text', { hasText: 'unseen' }).waitFor();
  await closed(page);
});

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
