// The dashboard's own small drawings, 16 by 16, in the colour of the text around them. All are decoration: words stand beside them.
import type { ReactNode } from "react";

function Icon({ children, filled = false }: { readonly children: ReactNode; readonly filled?: boolean }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill={filled ? "currentColor" : "none"}
      stroke={filled ? "none" : "currentColor"}
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

/** The joint: a tenon in its mortise. */
export const Wordmark = () => (
  <svg className="wordmark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
    <path d="M2 4h9v5h6v6h-6v5H2z" fill="var(--accent)" />
    <path d="M22 4v16h-8v-2.5h5.5v-11H14V4z" fill="var(--muted)" />
  </svg>
);

export const DatabaseIcon = () => (
  <Icon>
    <ellipse cx="8" cy="3.8" rx="5.2" ry="2.1" />
    <path d="M2.8 3.8v8.4c0 1.16 2.33 2.1 5.2 2.1s5.2-.940 5.2-2.1V3.8M2.8 8c0 1.16 2.33 2.1 5.2 2.1s5.2-.940 5.2-2.1" />
  </Icon>
);

export const CallIcon = () => (
  <Icon>
    <path d="M1.8 8h10M8.3 4.3 12 8l-3.7 3.7M14.4 3v10" />
  </Icon>
);

export const EndpointIcon = () => (
  <Icon>
    <rect x="2.3" y="2.3" width="11.4" height="11.4" rx="2.5" />
    <path d="M6 5.6 8.6 8 6 10.4" />
  </Icon>
);

export const GatewayIcon = () => (
  <Icon>
    <path d="M2.5 14V6.5a5.5 5.5 0 0 1 11 0V14M5.8 14V7.2a2.2 2.2 0 0 1 4.4 0V14M1.3 14h13.4" />
  </Icon>
);

/** A key. */
export const AuthIcon = () => (
  <Icon>
    <circle cx="5" cy="8" r="3.2" />
    <path d="M8.2 8h6M11.4 8v2.4M14.2 8v2.9" />
  </Icon>
);

/** An envelope. */
export const MessageIcon = () => (
  <Icon>
    <rect x="1.8" y="3.3" width="12.4" height="9.4" rx="1.6" />
    <path d="m2.4 4.6 5.6 4.3 5.6-4.3" />
  </Icon>
);

/** A message on its way. */
export const PublishIcon = () => (
  <Icon>
    <path d="M14.2 1.8 1.8 6.4l4.9 2.9 2.9 4.9zM6.7 9.3l3.2-3.2" />
  </Icon>
);

export const ClockIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="6.2" />
    <path d="M8 4.4V8l2.4 1.6" />
  </Icon>
);

export const WorkIcon = () => (
  <Icon filled>
    <circle cx="8" cy="8" r="2.6" />
  </Icon>
);

export const ErrorIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="6.2" />
    <path d="M8 4.6v4M8 11.2v.1" />
  </Icon>
);

export const PartialIcon = () => (
  <Icon>
    <path d="M8 1.8v2.4M8 6.4v1.2M3.5 10.3v-.7h9v.7M3.5 12.5v1.7M12.5 12.5v1.7" />
  </Icon>
);

export const ChevronIcon = () => (
  <Icon>
    <path d="m6 3.5 4.5 4.5L6 12.5" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="m3.8 3.8 8.4 8.4m0-8.4-8.4 8.4" />
  </Icon>
);

export const CopyIcon = () => (
  <Icon>
    <rect x="5.5" y="5.5" width="8.5" height="8.5" rx="1.5" />
    <path d="M10.5 5.5V3.3A1.3 1.3 0 0 0 9.2 2H3.3A1.3 1.3 0 0 0 2 3.3v5.9a1.3 1.3 0 0 0 1.3 1.3h2.2" />
  </Icon>
);

export const DoneIcon = () => (
  <Icon>
    <path d="m2.8 8.6 3.4 3.4 7-7.6" />
  </Icon>
);

export const BackIcon = () => (
  <Icon>
    <path d="M13.5 8h-11M6.5 3.8 2.3 8l4.2 4.2" />
  </Icon>
);

export const SunIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="2.8" />
    <path d="M8 1.3v1.4M8 13.3v1.4M1.3 8h1.4M13.3 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1" />
  </Icon>
);

export const MoonIcon = () => (
  <Icon>
    <path d="M13.6 9.7A6 6 0 0 1 6.3 2.4a6 6 0 1 0 7.3 7.3Z" />
  </Icon>
);

export const SystemIcon = () => (
  <Icon>
    <rect x="1.8" y="2.5" width="12.4" height="8.5" rx="1.5" />
    <path d="M5.5 14h5M8 11v3" />
  </Icon>
);
