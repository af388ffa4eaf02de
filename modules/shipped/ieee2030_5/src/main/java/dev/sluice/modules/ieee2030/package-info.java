/** What a proxy can do for devices of IEEE 2030.5 and the server behind it. */
package dev.sluice.modules.ieee2030;
