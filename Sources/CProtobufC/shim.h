/* SPDX-License-Identifier: Apache-2.0 */
/* Names the installed libprotobuf-c for Swift. */
#include <protobuf-c/protobuf-c.h>
