"""The documentation toolchain: what the site needs at build time. It is not part of the installed library."""
