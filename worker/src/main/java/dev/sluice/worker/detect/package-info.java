/** What is spoken at an address where several protocols are ({@code listen = ... auto}). */
package dev.sluice.worker.detect;
