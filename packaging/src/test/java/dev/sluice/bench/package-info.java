/** What the benchmark needs beside the tools that Debian has; started by its script. */
package dev.sluice.bench;
