/** The few pictograms of the page, drawn on a 20 × 20 grid. They decorate a word beside them, so they are hidden. */
const paths = {
  import: 'M10 3v9m0 0 3.5-3.5M10 12 6.5 8.5M3.5 13v2.5a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1V13',
  export: 'M10 12.5v-9m0 0L6.5 7M10 3.5 13.5 7M3.5 13v2.5a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1V13',
  library: 'M3.5 4.5h6v5h-6zm8 0h5v5h-5zm-8 7h4v4h-4zm6 0h7v4h-7z',
  review: 'M10 16.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM7.3 10.2l2 2 3.6-4',
  clock: 'M10 16.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zm0-10V10l2.6 1.6',
  gap: 'M3.5 15.5V9m3 6.5V5m7 10.5V7.5m3 8V11M9 15.5h.1m2 0h.1',
  tag: 'M3.5 4.5v5l7 7 6-6-7-7h-5a1 1 0 0 0-1 1zm3 2.6h.1',
  lists: 'M3.5 4.5h13v11h-13zm0 3.7h13m-13 3.6h13M8 4.5v11',
  jobs: 'M4 5.5h12M4 10h12M4 14.5h7',
  pause: 'M7 5v10M13 5v10',
  resume: 'M7 4.5v11l8-5.5z',
  cancel: 'M5.5 5.5l9 9m0-9-9 9',
  retry: 'M15.5 10a5.5 5.5 0 1 1-1.8-4.1M14 3v3.2h-3.2',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zm4-1.5 4 4',
  left: 'M12.5 4.5 7 10l5.5 5.5',
  right: 'M7.5 4.5 13 10l-5.5 5.5',
  folder: 'M3 6a1 1 0 0 1 1-1h4l1.5 2H16a1 1 0 0 1 1 1v6.5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1z',
  file: 'M6 3h5.5L15 6.5V16a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zm5 0v4h4',
  photo: 'M3.5 4.5h13v11h-13zm0 8.5 4-4 3.5 3.5 2-2 3.5 3M12.5 8.2a.9.9 0 1 0 0-.1',
  video: 'M3.5 5.5h9v9h-9zm9 3.5 4-2.5v7l-4-2.5',
  warning: 'M10 3.5 17 16H3zm0 5v3.5m0 1.8v.4',
  done: 'M4.5 10.5 8.5 14.5l7-9',
  keys: 'M3 6h14v8H3zm3 2.8h.2m2.7 0h.2m2.7 0h.2m2.5 0h.2M7 11.6h6',
  undo: 'M8 5 4.5 8.5 8 12M4.5 8.5H12a4 4 0 0 1 0 8H9',
  trash: 'M4 6h12M8 6V4h4v2m-6.5 0 .7 10.5h7.6L14.5 6M8.5 9v5m3-5v5',
  download: 'M10 3.5v9m0 0 3.5-3.5M10 12.5 6.5 9M4 16.5h12',
  open: 'M11 4h5v5m0-5-7 7M8 5H4.5v10.5H15V12',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size }: { name: IconName; size: number }) {
  return (
    <svg
      viewBox="0 0 20 20"
      width={size}
      height={size}
      fill={name === 'resume' ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
