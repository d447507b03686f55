// The map library, as one file that map.js loads when somebody asks for a map.
export * from "leaflet/dist/leaflet-src.esm.js";
