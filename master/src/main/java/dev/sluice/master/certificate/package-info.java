/** {@code sluice cert}: makes, shows and examines certificates. Loads BouncyCastle. */
package dev.sluice.master.certificate;
