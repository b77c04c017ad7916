import { useLayoutEffect, useState, type RefObject } from 'react';

/** Rows are drawn anew each time the view has moved this far, not with every pixel. */
const stepPixels = 120;

/** Where the view stands, in steps, and its inner size. */
export function useScroll(scroller: RefObject<HTMLElement | null>) {
  const [place, setPlace] = useState({ top: 0, height: 0, width: 0 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const read = () => {
      const style = getComputedStyle(element);
      const next = {
        top: Math.floor(element.scrollTop / stepPixels) * stepPixels,
        height: element.clientHeight,
        width:
          element.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight),
      };
      setPlace((now) =>
        now.top === next.top && now.height === next.height && now.width === next.width ? now : next,
      );
    };
    read();
    element.addEventListener('scroll', read, { passive: true });
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', read);
      observer.disconnect();
    };
  }, [scroller]);
  return place;
}
