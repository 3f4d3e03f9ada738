"""The decode step in C++: a plain C library, loaded with ctypes, that need not be there."""
