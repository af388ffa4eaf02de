/** Where clients are, by the operator's databases. */
package dev.sluice.modules.geoip;
