// SPDX-License-Identifier: GPL-3.0
/*
    Copyright 2021 0KIMS association.

    This file is generated with [snarkJS](https://github.com/iden3/snarkjs).

    snarkJS is a free software: you can redistribute it and/or modify it
    under the terms of the GNU General Public License as published by
    the Free Software Foundation, either version 3 of the License, or
    (at your option) any later version.

    snarkJS is distributed in the hope that it will be useful, but WITHOUT
    ANY WARRANTY; without even the implied warranty of MERCHANTABILITY
    or FITNESS FOR A PARTICULAR PURPOSE. See the GNU General Public
    License for more details.

    You should have received a copy of the GNU General Public License
    along with snarkJS. If not, see <https://www.gnu.org/licenses/>.
*/

pragma solidity >=0.7.0 <0.9.0;

/// @notice DEVELOPMENT KEY: its secret is published, so anybody can forge proofs for it.
/// Deployment to a public network must be refused.
contract TrainingStepDevVerifier {
    // Scalar field size
    uint256 constant r    = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    // Base field size
    uint256 constant q   = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

    // Verification Key data
    uint256 constant alphax  = 17284597933316017115661823257495409740032223724842740911046742858496240485657;
    uint256 constant alphay  = 6515765329594601466421031084967844872249493672290111332692496159909021295389;
    uint256 constant betax1  = 10035138554161899267820357779023502728077451214606497252887543031237682176442;
    uint256 constant betax2  = 14557660920331512581711287024648481865700753495459863948682211892338075413602;
    uint256 constant betay1  = 3268391135194745224379331868352502611461562124044069643224995741649246280531;
    uint256 constant betay2  = 7683096675722734545553947091517636294215726376521231012105763571153478248548;
    uint256 constant gammax1 = 7227859109822817330100020658401822504985668565330156247701660623334062134127;
    uint256 constant gammax2 = 2158063672243223234637740204599041101959310161094284891985843081104062727186;
    uint256 constant gammay1 = 6070835016942232543728807263297570726708205616838370111111595962967105453937;
    uint256 constant gammay2 = 17392030357994005161290092653355855785041643185800979129337108074472305675766;
    uint256 constant deltax1 = 15986649681472554263943298494658243310335775487805645584690631987757101357008;
    uint256 constant deltax2 = 711339777267369792175792785378908642432766002895811433804397265016676245553;
    uint256 constant deltay1 = 16268430061736763904549285475629234111993742143657401577821309544903708801804;
    uint256 constant deltay2 = 18921997364946498606798713913535881777623827704104997502017375095793777324363;


    uint256 constant IC0x = 3676668721448856707655079735661856215569565052072491149840365538114220692578;
    uint256 constant IC0y = 9618656157536031733460245690026445058105016251000676487828044202390718087446;

    uint256 constant IC1x = 12493464402821143940310200065576145548698247706413593787223956307444045049389;
    uint256 constant IC1y = 18323341283898333697443556077513574345545690930695167744447965744394761305801;

    uint256 constant IC2x = 9317878167938286453868124828413999464229563493225618748533008734596763911443;
    uint256 constant IC2y = 21598411206902241314599638081316121343443506000754940996257665855835171838012;

    uint256 constant IC3x = 20464569824631644216826381111875617737608996175629568713001041207672274341985;
    uint256 constant IC3y = 14726054532298966761471954764674915683101377476424073664201087958816422403206;


    // Memory data
    uint16 constant pVk = 0;
    uint16 constant pPairing = 128;

    uint16 constant pLastMem = 896;

    function verifyProof(uint[2] calldata _pA, uint[2][2] calldata _pB, uint[2] calldata _pC, uint[3] calldata _pubSignals) public view returns (bool) {
        assembly {
            function checkField(v) {
                if iszero(lt(v, r)) {
                    mstore(0, 0)
                    return(0, 0x20)
                }
            }

            // G1 function to multiply a G1 value(x,y) to value in an address
            function g1_mulAccC(pR, x, y, s) {
                let success
                let mIn := mload(0x40)
                mstore(mIn, x)
                mstore(add(mIn, 32), y)
                mstore(add(mIn, 64), s)

                success := staticcall(sub(gas(), 2000), 7, mIn, 96, mIn, 64)

                if iszero(success) {
                    mstore(0, 0)
                    return(0, 0x20)
                }

                mstore(add(mIn, 64), mload(pR))
                mstore(add(mIn, 96), mload(add(pR, 32)))

                success := staticcall(sub(gas(), 2000), 6, mIn, 128, pR, 64)

                if iszero(success) {
                    mstore(0, 0)
                    return(0, 0x20)
                }
            }

            function checkPairing(pA, pB, pC, pubSignals, pMem) -> isOk {
                let _pPairing := add(pMem, pPairing)
                let _pVk := add(pMem, pVk)

                mstore(_pVk, IC0x)
                mstore(add(_pVk, 32), IC0y)

                // Compute the linear combination vk_x

                g1_mulAccC(_pVk, IC1x, IC1y, calldataload(add(pubSignals, 0)))

                g1_mulAccC(_pVk, IC2x, IC2y, calldataload(add(pubSignals, 32)))

                g1_mulAccC(_pVk, IC3x, IC3y, calldataload(add(pubSignals, 64)))


                // -A
                mstore(_pPairing, calldataload(pA))
                mstore(add(_pPairing, 32), mod(sub(q, calldataload(add(pA, 32))), q))

                // B
                mstore(add(_pPairing, 64), calldataload(pB))
                mstore(add(_pPairing, 96), calldataload(add(pB, 32)))
                mstore(add(_pPairing, 128), calldataload(add(pB, 64)))
                mstore(add(_pPairing, 160), calldataload(add(pB, 96)))

                // alpha1
                mstore(add(_pPairing, 192), alphax)
                mstore(add(_pPairing, 224), alphay)

                // beta2
                mstore(add(_pPairing, 256), betax1)
                mstore(add(_pPairing, 288), betax2)
                mstore(add(_pPairing, 320), betay1)
                mstore(add(_pPairing, 352), betay2)

                // vk_x
                mstore(add(_pPairing, 384), mload(add(pMem, pVk)))
                mstore(add(_pPairing, 416), mload(add(pMem, add(pVk, 32))))


                // gamma2
                mstore(add(_pPairing, 448), gammax1)
                mstore(add(_pPairing, 480), gammax2)
                mstore(add(_pPairing, 512), gammay1)
                mstore(add(_pPairing, 544), gammay2)

                // C
                mstore(add(_pPairing, 576), calldataload(pC))
                mstore(add(_pPairing, 608), calldataload(add(pC, 32)))

                // delta2
                mstore(add(_pPairing, 640), deltax1)
                mstore(add(_pPairing, 672), deltax2)
                mstore(add(_pPairing, 704), deltay1)
                mstore(add(_pPairing, 736), deltay2)


                let success := staticcall(sub(gas(), 2000), 8, _pPairing, 768, _pPairing, 0x20)

                isOk := and(success, mload(_pPairing))
            }

            let pMem := mload(0x40)
            mstore(0x40, add(pMem, pLastMem))

            // Validate that all evaluations ∈ F

            checkField(calldataload(add(_pubSignals, 0)))

            checkField(calldataload(add(_pubSignals, 32)))

            checkField(calldataload(add(_pubSignals, 64)))


            // Validate all evaluations
            let isValid := checkPairing(_pA, _pB, _pC, _pubSignals, pMem)

            mstore(0, isValid)
             return(0, 0x20)
         }
     }
 }
