// The wire pane in a real browser, on made events.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/view_wire_test.mjs

import assert from 'node:assert/strict';
import { closed, opened, test } from './view.mjs';

const AWKWARD =
  '</pre><img src=x onerror="document.title=\'injected\'"><script>document.title="injected"</script>';


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

test('while it does not follow, a request and its answer are one newer entry', async () => {
  const page = await withPane();
  await show(page, [frame('81 05', 'body 1')], 'body 1');
  await page.locator('.wire-follow input').uncheck();
  await show(page, poll(2, '[]')); // both halves
  await show(page, [poll(3, '[]')[0]]); // the first of them
  await page.locator('.wire-newer', { hasText: /^2 newer$/ }).waitFor();
  await show(page, [poll(3, '[]')[1], frame('81 05', 'body 2')]);
  await page.locator('.wire-newer', { hasText: /^3 newer$/ }).waitFor();
  await closed(page);
});

test('what is picked stays as it is while others come, selection and all, until its answer does', async () => {
  const page = await withPane();
  const [asked, answered] = poll(1, '[{"seq":2}]');
  await show(page, [asked], 'No answer yet');
  await page.locator('.wire-follow input').uncheck();
  await page.evaluate(() => {
    const detail = document.querySelector('.wire-detail');
    getSelection().selectAllChildren(detail.querySelector('.wire-text'));
    window.changes = 0;
    const watch = new MutationObserver((all) => (changes += all.length));
    watch.observe(detail, { childList: true, subtree: true, characterData: true });
    watch.observe(document.querySelector('.wire-rows'), { childList: true, subtree: true });
  });
  const selected = () => page.evaluate(() => getSelection().toString());
  const before = await selected();
  assert.match(before, /GET \/rooms\/r\/poll/);
  await show(page, [frame('81 05', 'body 2'), frame('81 05', 'body 3')]);
  await page.locator('.wire-newer', { hasText: '2 newer' }).waitFor();
  assert.deepEqual([await selected(), await page.evaluate(() => changes)], [before, 0]);
  await show(page, [answered], '200 OK');
  await page.locator('.wire-follow input').check();
  await page.locator('.wire-text', { hasText: '200 OK' }).waitFor();
  await closed(page);
});

test('a frame’s figure is drawn anew where its width changes', async () => {
  const page = await withPane();
  await page.locator('#place').evaluate((place) => (place.style.width = '1200px'));
  await show(page, [frame('81 05', 'body 1')], 'body 1');
  const columns = (count) =>
    page.waitForFunction((n) => document.querySelectorAll('.frame-number').length === n, count);
  await columns(32);
  await page.locator('#place').evaluate((place) => (place.style.width = '600px'));
  await columns(16);
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
