// SPDX-License-Identifier: Apache-2.0
// tests/link/sc_main.cpp: the SystemC library asks for this name; main() is GoogleTest's.
#include <systemc>

int sc_main(int, char*[]) { return 0; }
