/** The table of the page takes the keys: after a search, or when the button that had them is gone. */
export function goToGrid(): boolean {
  const grid = document.querySelector<HTMLElement>('[role="grid"]');
  grid?.focus({ preventScroll: true });
  return grid !== null;
}
