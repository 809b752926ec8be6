// Only has the headers that all tests share compiled: see CMakeLists.txt.
