// What the look is made of: nothing is taken along that is not named here.
const candidate = (name) => `@nl-design-system-candidate/${name}-css/dist/${name}.css`;
const utrecht = (name) => `@utrecht/${name}-css/dist/index.css`;
const denhaag = (name) => `@gemeente-denhaag/${name}/dist/index.css`;

export const TOKENS = "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css";

export const COMPONENTS = [
  ...["button", "heading", "link", "number-badge", "paragraph", "skip-link"].map(candidate),
  ...["alert", "body", "breadcrumb-nav", "checkbox", "document", "form-field", "form-field-description",
    "form-field-error-message", "form-fieldset", "form-label", "pagination", "radio-button", "root", "select",
    "status-badge", "table", "textarea", "textbox", "unordered-list"].map(utrecht),
  ...["process-steps", "side-navigation", "step-marker"].map(denhaag),
];

const font = (set) => `@fontsource-variable/source-sans-3/files/source-sans-3-${set}-wght-normal.woff2`;

export const FONTS = [
  {
    file: font("latin"),
    name: "source-sans-3-latin.woff2",
    range: "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
  },
  {
    file: font("latin-ext"),
    name: "source-sans-3-latin-ext.woff2",
    range: "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF",
  },
];

export const ICONS = [
  "activity", "alert-circle", "alert-triangle", "arrow-left", "arrow-right", "bell", "building", "building-community",
  "calendar", "chart-bar", "check", "checklist", "chevron-down", "chevron-right", "circle-check", "clipboard-check",
  "clock", "coin-euro", "download", "external-link", "eye", "file-spreadsheet", "file-text", "folder", "heart-handshake",
  "history", "home", "inbox", "info-circle", "list-details", "lock", "logout", "mail", "menu-2", "message-circle",
  "pencil", "phone", "plus", "printer", "refresh", "scale", "search", "send", "settings", "shield-lock", "transfer",
  "trash", "upload", "user-circle", "users", "users-group", "wheelchair", "x",
];
