/** Requests as spans of OpenTelemetry, sent by OTLP over HTTP. */
package dev.sluice.modules.otel;
