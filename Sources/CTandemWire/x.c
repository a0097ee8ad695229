#include "CTandemWire.h"
