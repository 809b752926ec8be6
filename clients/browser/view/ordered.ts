/** Puts an item into an ascending list, behind those of the same key. */
export function insertInto<T>(items: T[], item: T, keyOf: (item: T) => number): void {
  const key = keyOf(item);
  let place = items.length;
  // From the end: what is new mostly belongs there.
  for (let before = items[place - 1]; before !== undefined && keyOf(before) > key;) {
    --place;
    before = items[place - 1];
  }
  items.splice(place, 0, item);
}
