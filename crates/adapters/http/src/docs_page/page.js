"use strict";

// Where the document of the API is, as seen from the page; what it describes is served at the same place.
const API_DOCUMENT = "openapi.json";

const apiPath = (path) => new URL(path, document.baseURI).pathname;

// Who signs in on the page, calls as that account from then on. The token is nowhere but in the page's memory.
const followSession = (response) => {
  const path = new URL(response.url, document.baseURI).pathname;
  if (response.status === 200 && (path === apiPath("login") || path === apiPath("token/refresh"))) {
    reference.preauthorizeApiKey("bearer", JSON.parse(response.text).access_token);
  } else if (response.status === 204 && path === apiPath("logout")) {
    reference.authActions.logout(["bearer"]);
  }
  return response;
};

const reference = SwaggerUIBundle({
  url: API_DOCUMENT,
  dom_id: "#reference",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  filter: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  // Nobody else is asked whether the document is valid, no address in a link changes what the page shows or calls, and nothing is
  // remembered.
  validatorUrl: null,
  queryConfigEnabled: false,
  persistAuthorization: false,
  responseInterceptor: followSession,
});

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const followTheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", followTheme);
followTheme();
